import { expect, it } from 'vitest'
import { inspectMultipart } from './looking.ts'

const file = (name: string, filename: string, contentType: string) => ({ name, filename, contentType, bytes: 10 })

it('scans fields, JSON in fields and file names', () => {
  expect(inspectMultipart([{ name: 'prompt', value: 'mail alice@example.com' }]).types).toEqual({ email: 1 })
  expect(inspectMultipart([{ name: 'extra', value: '{"to":"alice\\u0040example.com"}' }]).types).toEqual({
    email: 1,
  })
  expect(inspectMultipart([file('file', 'alice@example.com.pdf', 'application/pdf')]).types).toEqual({
    email: 1,
  })
})

it('reports files by content type and field name', () => {
  const parts = [
    file('file', 'a.wav', 'audio/wav'),
    file('image[]', 'a', 'application/octet-stream'),
    file('file', 'a.jsonl', ''),
  ]
  const { uninspectable, sizes } = inspectMultipart(parts)
  expect(uninspectable).toEqual(['audio', 'file', 'image'])
  expect(sizes).toMatchObject({ images: 1, audio: 1, files: 1 })
})

it('does not read one field into the next', () => {
  expect(
    inspectMultipart([
      { name: 'a', value: '4111 1111' },
      { name: 'b', value: '1111 1111' },
    ]).types,
  ).toEqual({})
})

it('reports fields that name stored content', () => {
  expect(inspectMultipart([{ name: 'file_ids[]', value: 'file-1' }]).uninspectable).toEqual(['file'])
  expect(inspectMultipart([{ name: 'image', value: 'data:image/png;base64,AAAA' }]).uninspectable).toEqual(['image'])
})
