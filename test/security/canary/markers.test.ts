// That the search finds what is there: a search that finds nothing proves nothing.
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createMarkers, createSearch, formsOf } from './markers.ts'

const { content, name, all } = createMarkers()
for (let i = 0; i < 500; i++) {
  content(`content ${i}`)
  name(`name ${i}`)
}
const markers = all()
const search = createSearch(markers)

test('every form is found, wherever it stands', () => {
  for (const marker of markers.slice(0, 20)) {
    for (const [form, bytes] of formsOf(marker)) {
      for (const around of [0, 1, 7, 1001]) {
        const found = search(Buffer.concat([randomBytes(around), bytes, randomBytes(around)]))
        expect(found, `${form} after ${around}`).toContainEqual({ marker, form })
      }
    }
  }
})

test('base64 is found at every alignment, and JSON and URLs as others write them', () => {
  const [marker] = markers
  for (const before of ['', 'a', 'ab', 'abc']) {
    const text = Buffer.from(`${before}${marker?.value} and more`).toString('base64')
    expect(search(Buffer.from(text)).map(found => found.marker)).toContain(marker)
  }
  expect(search(Buffer.from(encodeURIComponent(marker?.value ?? ''))).map(found => found.marker)).toContain(marker)
})

test('nothing is found where nothing is', () => {
  expect(search(randomBytes(1_000_000))).toEqual([])
  expect(search(Buffer.from(markers.map(({ word }) => word.slice(0, -1)).join(' ')))).toEqual([])
})
