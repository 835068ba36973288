// The example of docs/AUDIT_FORMAT.md, byte by byte: others hold their verifiers against it.
import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { canonicalise } from '../../src/transparency/canonical-json.ts'
import { createFrontier } from '../../src/transparency/frontier.ts'
import { leafHash } from '../../src/transparency/hash.ts'
import { decodeEntries } from '../../src/transparency/json-lines.ts'
import { createSigner, parseVerifierKey } from '../../src/transparency/keys.ts'
import { verifyProof } from '../../src/transparency/proof.ts'
import { verify } from '../../src/transparency/verify/verify.ts'

const page = readFileSync(new URL('../../docs/AUDIT_FORMAT.md', import.meta.url), 'utf8')
const block = (name: string) => new RegExp(`\`\`\`${name}\\n([^]*?)\`\`\``).exec(page)?.[1] ?? ''

const vkey = block('vkey').trim()
const keys = [parseVerifierKey(vkey)]
const data = block('leaves').trim().split('\n')
const hashes = block('hashes').trim().split('\n')
const now = Date.parse('2026-12-25T03:01:00.000Z')

async function* lines(text: string) {
  yield Buffer.from(text)
}

test('the key is that of RFC 8032, section 7.1, test 1', () => {
  const seed = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'
  const der = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex')
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  expect(createSigner(key.export({ format: 'pem', type: 'pkcs8' }).toString()).verifierKey).toBe(vkey)
})

test('the leaves have these hashes, and the tree this root', () => {
  const frontier = createFrontier()
  const found = data.map(leaf => {
    expect(canonicalise(JSON.parse(leaf))).toBe(leaf)
    frontier.append(leafHash(leaf))
    return leafHash(leaf)
  })
  const [pair] = frontier.hashes
  expect([...found, pair, frontier.root()].map(hash => hash?.toString('hex'))).toEqual(hashes)
})

test('the entries verify, and without the pruning they do not', async () => {
  const entries = block('entries')
  expect((await verify(decodeEntries(lines(entries)), { keys, now })).findings).toEqual([])
  const five = entries
    .split(/(?<=\n)/)
    .slice(0, 5)
    .join('')
  const { findings } = await verify(decodeEntries(lines(five)), { keys, now })
  expect(findings).toMatchObject([{ kind: 'removed', index: 0, end: 1 }])
})

test('the proof proves the second record', () => {
  expect(verifyProof(block('proof'), keys)).toMatchObject({ index: 1, checkpoint: { size: 3 } })
  expect(canonicalise(verifyProof(block('proof'), keys).record)).toBe(data[1])
})
