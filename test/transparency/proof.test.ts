import { describe, expect, test } from 'vitest'
import { canonicalise } from '../../src/transparency/canonical-json.ts'
import { leafHash } from '../../src/transparency/hash.ts'
import { proveInclusion } from '../../src/transparency/inclusion.ts'
import { createSigner, generatePrivateKey, parseVerifierKey } from '../../src/transparency/keys.ts'
import { NoteError } from '../../src/transparency/note.ts'
import { ProofError, readProof, verifyProof, writeProof } from '../../src/transparency/proof.ts'
import { append, call, createLog, createRandom, now, sign, trusted } from './installation.ts'

const log = createLog()
const random = createRandom(1)
for (let count = 0; count < 11; count++) append(log, call(now, random))
const note = sign(log)
const leaves = log.leaves.filter(leaf => leaf !== null)
const index = 6
const data = canonicalise(log.rows.get(index))
const path = await proveInclusion(index, leaves.length, leaves)
const text = writeProof({ index, data, path, note })

test('a proof gives the record, to whoever has the key', () => {
  expect(readProof(text)).toEqual({ index, data, path, note })
  const proved = verifyProof(text, [trusted])
  expect(proved.record).toEqual(JSON.parse(data))
  expect(proved).toMatchObject({ index, checkpoint: { log: log.id, size: leaves.length } })
})

test('a log of one record has a proof without a path', async () => {
  const single = createLog()
  append(single, call(now, random))
  const only = canonicalise(single.rows.get(0))
  const proof = writeProof({ index: 0, data: only, path: [], note: sign(single) })
  expect(verifyProof(proof, [trusted]).record).toEqual(JSON.parse(only))
})

describe('it proves nothing', () => {
  test('of another record, another place or another tree', () => {
    const other = canonicalise(log.rows.get(5))
    for (const changed of [
      { data: other },
      { index: 5 },
      { index: 11 },
      { path: path.slice(1) },
      { path: path.toReversed() },
    ]) {
      expect(() => verifyProof(writeProof({ index, data, path, note, ...changed }), [trusted])).toThrow(ProofError)
    }
  })

  test('without a signature by a trusted key', () => {
    const stranger = createSigner(generatePrivateKey())
    expect(() => verifyProof(text, [parseVerifierKey(stranger.verifierKey)])).toThrow(NoteError)
    const size = (leaves.length + 1).toString()
    expect(() => verifyProof(text.replace('\n11\n', `\n${size}\n`), [trusted])).toThrow(NoteError)
  })

  test.each([
    ['nothing', ''],
    ['another version', text.replace('@v1', '@v2')],
    ['no record', text.replace(/^extra .*\n/m, '')],
    ['an empty record', text.replace(/^extra .*\n/m, 'extra \n')],
    ['a record that is not UTF-8', text.replace(/^extra .*\n/m, 'extra /w==\n')],
    ['an index with a leading zero', text.replace('index 6', 'index 06')],
    ['a hash cut short', text.replace(/^index 6\n..../m, 'index 6\n')],
    ['no checkpoint', text.slice(0, text.indexOf('\n\n'))],
  ])('if it is malformed: %s', (_name, malformed) => {
    expect(() => verifyProof(malformed, [trusted])).toThrow(ProofError)
  })
})

test('a leaf that is not canonical JSON is no record, though it was signed', () => {
  const odd = createLog()
  append(odd, { a: 1 })
  for (const [place, other] of ['{ "a": 1 }', '[1]', 'secret', '{"b":1,"a":2}'].entries()) {
    odd.leaves = [leafHash(other)]
    const proof = writeProof({ index: 0, data: other, path: [], note: sign(odd) })
    expect(() => verifyProof(proof, [trusted]), `${place}`).toThrow(ProofError)
    expect(() => verifyProof(proof, [trusted])).not.toThrow(/secret/)
  }
})
