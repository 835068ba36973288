// A key was taken out of AUDIT_SIGNING_KEY, and another put there: whatever the first had signed proved nothing any
// more, as nobody had kept its public half.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { publicKeys, rotateKey } from '../../../src/audit/ledger/public-keys.ts'
import { loadSigningKey } from '../../../src/audit/ledger/signing-key.ts'
import { createSigner, generatePrivateKey } from '../../../src/transparency/keys.ts'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'governance-keys-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

const path = () => join(dataDir, 'audit', 'signing-key.pem')
const start = (given: string | null) => publicOf(loadSigningKey(path(), given))
const publicOf = (key: string) => createSigner(key).verifierKey

test('each key that was given is known after another has taken its place', () => {
  const keys = [generatePrivateKey(), generatePrivateKey(), generatePrivateKey()]
  const [first, second, third] = keys.map(start)
  expect(publicKeys(dataDir, keys[2] ?? '')).toEqual([third, second, first])
  expect(publicKeys(dataDir, null)).toEqual([third, second, first])
})

test('the key of the file is known while another is given, and that one once it is not', () => {
  const own = start(null)
  const given = generatePrivateKey()
  start(given)
  expect(publicKeys(dataDir, given)).toEqual([publicOf(given), own])
  // The file is not needed, and somebody removes it.
  rmSync(path())
  expect(publicKeys(dataDir, given)).toEqual([publicOf(given), own])
  const next = start(null)
  expect(publicKeys(dataDir, null)).toEqual([next, publicOf(given), own])
})

test('a file of before that was never used here is known, too', () => {
  const [before, given] = [generatePrivateKey(), generatePrivateKey()]
  start(null)
  writeFileSync(path(), 'no key')
  expect(start(given)).toBe(publicOf(given))
  writeFileSync(path(), before)
  start(given)
  rmSync(path())
  expect(publicKeys(dataDir, given)).toContain(publicOf(before))
})

test('keys that are turned before any start are kept, and each is written once', () => {
  const first = start(null)
  rotateKey(dataDir)
  const [second] = publicKeys(dataDir, null)
  rotateKey(dataDir)
  const [third] = publicKeys(dataDir, null)
  for (let count = 0; count < 3; count++) expect(start(null)).toBe(third)
  expect(publicKeys(dataDir, null)).toEqual([third, second, first])
  expect(readFileSync(join(dataDir, 'audit', 'retired-keys'), 'utf8')).toBe(`${first}\n${second}\n${third}\n`)
})

test('looking for keys makes none', () => {
  expect(publicKeys(dataDir, null)).toEqual([])
  expect(existsSync(join(dataDir, 'audit'))).toBe(false)
})
