import { describe, expect, test } from 'vitest'
import type { Entry } from '../../src/transparency/entry.ts'
import { leafHash } from '../../src/transparency/hash.ts'
import { decodeEntries, encodeEntry } from '../../src/transparency/json-lines.ts'
import { LineFault } from '../../src/transparency/lines.ts'

const log = '0d9c4a52-7a4e-4f0e-9a51-0c6b7f2f2a10'
const leaf = leafHash('leaf')

const entries: Entry[] = [
  { key: 'a key' },
  { start: { log, size: 0, frontier: [], note: null } },
  { start: { log, size: 3, frontier: [leaf, leaf], note: 'note\n' } },
  { entry: { log, index: 0, leaf, record: { decision: { text: 'Ä€😀\n', __proto__: null } } } },
  { entry: { log, index: 1, leaf } },
  { checkpoint: { log, note: 'note\n' } },
  { stray: { id: log, log, index: 7 } },
  { stray: { id: log, log: null, index: null } },
]

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
}

/** With the source that an entry with a record comes back with. */
function decoded(entry: Entry, source = expect.any(String)): Entry {
  return 'entry' in entry && entry.entry.record !== undefined ? { entry: { ...entry.entry, source } } : entry
}

function decode(text: string | Buffer, size = 1000): Promise<Entry[]> {
  return Array.fromAsync(decodeEntries(inChunks(Buffer.from(text), size)))
}

test.each([1, 7, 64, 100_000])('entries come back, in chunks of %i bytes', async size => {
  expect(await decode(entries.map(encodeEntry).join(''), size)).toEqual(entries.map(entry => decoded(entry)))
})

test('what a row was changed into is written, even if it is not JSON that a log can hold', async () => {
  const record = { decision: { cost: Number.POSITIVE_INFINITY, model: '\ud800' } }
  const [read] = await decode(encodeEntry({ entry: { log, index: 0, leaf, record } }))
  expect(read).toEqual(
    decoded({ entry: { log, index: 0, leaf, record: { decision: { cost: null, model: '\ud800' } } } }),
  )
})

test('a record that is JSON already is written as it is, in one line', async () => {
  const place = { log, index: 0, leaf }
  const line = encodeEntry({ entry: { ...place, record: '{"decision":{"b": 1,"a":1.0}}' } })
  expect(line).toContain('"record":{"decision":{"b": 1,"a":1.0}}}}\n')
  const [read] = await decode(encodeEntry({ entry: { ...place, record: '{"decision":\n{}}' } }))
  expect(read).toEqual(decoded({ entry: { ...place, record: { decision: {} } } }, '{"decision": {}}'))
})

describe('a fault names its line and quotes nothing', () => {
  const good = encodeEntry({ entry: { log, index: 0, leaf, record: {} } })

  test.each<[string, string | Buffer]>([
    ['another kind', '{"secret":{}}\n'],
    ['a prototype', '{"__proto__":{}}\n'],
    ['two kinds', `{"key":"secret","stray":{}}\n`],
    ['no kind', '{}\n'],
    ['no object', '["secret"]\n'],
    ['no JSON', 'secret\n'],
    ['an empty line', '\n'],
    ['no end', good.slice(0, -1)],
    ['bytes that are not UTF-8', Buffer.concat([Buffer.from('{"key":"'), Buffer.of(0xff), Buffer.from('"}\n')])],
    ['a long line', `{"key":"${'x'.repeat(1 << 20)}"}\n`],
    ['a long line without an end', 'x'.repeat((1 << 20) + 1)],
    ['another member', good.replace('"index"', '"secret":1,"index"')],
    ['a member too few', good.replace('"index":0,', '')],
    ['a record that is no object', good.replace('{}', '"secret"')],
    ['a record that is null', good.replace('{}', 'null')],
    ['a log in upper case', good.replace(log, log.toUpperCase())],
    ['an index that is no integer', good.replace('"index":0', '"index":0.5')],
    ['an index as a text', good.replace('"index":0', '"index":"0"')],
    ['an index beyond 2^53', good.replace('"index":0', '"index":9007199254740992')],
    ['a short hash', good.replace('"leaf":"', '"leaf":"secret')],
    ['unpadded base 64', good.replace('="', '"')],
    ['an empty tree with a note', `{"start":{"log":"${log}","size":0,"frontier":[],"note":"secret"}}\n`],
    ['a key that is no text', '{"key":1}\n'],
    ['a stray without an id', '{"stray":{"id":null,"log":null,"index":null}}\n'],
    ['a checkpoint without a note', `{"checkpoint":{"log":"${log}","note":null}}\n`],
  ])('%s', async (_name, text) => {
    const failure = await decode(Buffer.concat([Buffer.from(good), Buffer.from(text)])).catch(error => error)
    expect(failure).toBeInstanceOf(LineFault)
    expect(failure).toMatchObject({ line: 2, message: expect.stringMatching(/^Line 2: /) })
    expect(failure.message).not.toContain('secret')
  })
})
