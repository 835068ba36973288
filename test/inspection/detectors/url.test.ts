import { expect, it } from 'vitest'
import { url } from '../../../src/inspection/detectors/url.ts'
import { growth, inProportion, repeated } from '../../growth.ts'
import { findBy } from '../looking.ts'

const found = (text: string) => findBy(url, text).map(({ start, end }) => text.slice(start, end))

it.each([
  ['see https://example.com/a?b=c#d.', ['https://example.com/a?b=c#d']],
  ['(http://example.test/x)', ['http://example.test/x']],
  [
    'write to example.org or www.example.de/path, maybe shop.example.co.uk',
    ['example.org', 'www.example.de/path', 'shop.example.co.uk'],
  ],
  ['obj.name, file.py, foo.com(), alice@example.com, a/b.com, 3.14', []],
  ['ASP.NET and Node.js. End.Start', []],
])('%s', (text, urls) => {
  expect(found(text)).toEqual(urls)
})

it('takes other tops where a URL is expected', () => {
  expect(findBy(url, 'example.io', 'url')).toHaveLength(1)
  expect(findBy(url, 'example.io')).toEqual([])
})

it.each(['a.', '.', 'http://', '://', 'a.com/'])('is linear on %j', part => {
  expect(growth(size => findBy(url, repeated(part, size)), 262_144)).toBeLessThan(inProportion)
})
