import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { openCheckpoint, signCheckpoint } from '../../src/transparency/checkpoint.ts'
import { leafHash } from '../../src/transparency/hash.ts'
import { createSigner, generatePrivateKey, parseVerifierKey } from '../../src/transparency/keys.ts'
import { NoteError, openNote, signNote, splitNotes } from '../../src/transparency/note.ts'

const signer = createSigner(generatePrivateKey())
const other = createSigner(generatePrivateKey(), 'witness.example/w1')
const keys = [parseVerifierKey(signer.verifierKey)]
const log = '0d9c4a52-7a4e-4f0e-9a51-0c6b7f2f2a10'
const root = leafHash('leaf')

function faultOf(note: string, known = keys): string {
  try {
    return `opened ${openNote(note, known)}`
  } catch (error) {
    return error instanceof NoteError ? error.fault : 'another error'
  }
}

describe('keys', () => {
  // From the package golang.org/x/mod/sumdb/note, whose format this is.
  const peter = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
  const note =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
    '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n'

  test('of other tools are read, and their notes opened', () => {
    expect(openNote(note, [parseVerifierKey(peter)])).toMatch(/^If you think.*problem is\.\n$/s)
  })

  test('survive being written down', () => {
    const pem = generatePrivateKey()
    expect(pem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/)
    expect(createSigner(pem).verifierKey).toBe(createSigner(pem).verifierKey)
    expect(createSigner(pem).verifierKey).toMatch(/^ai-governance-proxy\+[0-9a-f]{8}\+A[\w+/]{42}[\w+/]=?$/)
  })

  test.each([
    ['nothing', ''],
    ['another id', peter.replace('c74f20a3', 'c74f20a4')],
    ['another algorithm', peter.replace('+AR', '+BB')],
    ['a key cut short', peter.slice(0, -4)],
    ['bad base 64', `${peter}=`],
    ['a name with a space', peter.replace('Peter', 'Peter ')],
  ])('%s is no verifier key', (_name, text) => {
    expect(() => parseVerifierKey(text)).toThrow(TypeError)
  })

  test('other private keys and other texts are refused, and not quoted', () => {
    const { privateKey } = generateKeyPairSync('x25519')
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    expect(() => createSigner(pem)).toThrow('Not an Ed25519 private key in PEM')
    expect(() => createSigner('secret')).toThrow('Not an Ed25519 private key in PEM')
    expect(() => createSigner(generatePrivateKey(), 'two words')).toThrow(TypeError)
  })
})

describe('a note', () => {
  const text = 'one\n\nthree\n'
  const note = signNote(text, [other, signer])

  test('is opened by each key that signed it', () => {
    expect(openNote(note, keys)).toBe(text)
    expect(openNote(note, [parseVerifierKey(other.verifierKey)])).toBe(text)
  })

  test('may have signatures of any length by keys that are not known', () => {
    expect(openNote(`${note}— post-quantum.example ${Buffer.alloc(3000, 7).toString('base64')}\n`, keys)).toBe(text)
  })

  test('is refused when it has changed', () => {
    expect(faultOf(note.replace('one', 'two'))).toBe('wrong_signature')
    expect(faultOf(signNote(text, [other]))).toBe('unknown_key')
    // Signed by an enemy's key that claims the name and the id of ours.
    const enemy = createSigner(generatePrivateKey())
    expect(faultOf(signNote(text, [{ ...enemy, id: signer.id }]))).toBe('wrong_signature')
    expect(faultOf(signNote(text, [enemy]))).toBe('unknown_key')
    // One good signature does not make up for a bad one by a known key.
    const forged = Buffer.concat([Buffer.from(signer.id, 'hex'), Buffer.alloc(64)])
    expect(faultOf(`${note}— ${signer.name} ${forged.toString('base64')}\n`)).toBe('wrong_signature')
  })

  test.each([
    ['empty', ''],
    ['without signatures', 'one\n\n'],
    ['without a text', note.slice(text.length)],
    ['without its last newline', note.slice(0, -1)],
    ['with a line after the signatures', `${note}\n`],
    ['with a hyphen for the dash', note.replaceAll('—', '-')],
    ['with a control character', note.replace('one', 'on\te')],
    ['with a carriage return', note.replace('one\n', 'one\r\n')],
    ['with bad base 64', note.replace(/=*\n$/, '*\n')],
    ['with a lone surrogate', note.replace('one', '\ud800')],
    ['with two spaces', note.replace('— ', '—  ')],
  ])('%s is malformed', (_name, malformed) => {
    expect(faultOf(malformed)).toBe('malformed')
  })

  test('cannot be made of nothing', () => {
    expect(() => signNote('no newline', [signer])).toThrow(NoteError)
    expect(() => signNote(text, [])).toThrow(NoteError)
  })
})

describe('a checkpoint', () => {
  const checkpoint = { log, size: 12, root }

  test('is a note of three lines', () => {
    const note = signCheckpoint(checkpoint, [signer])
    expect(note.split('\n').slice(0, 4)).toEqual([`ai-governance-proxy/${log}`, '12', root.toString('base64'), ''])
    expect(openCheckpoint(note, keys)).toEqual(checkpoint)
  })

  test('may have lines that are not known', () => {
    const text = `ai-governance-proxy/${log}\n0\n${root.toString('base64')}\nextension\n`
    expect(openCheckpoint(signNote(text, [signer]), keys)).toEqual({ ...checkpoint, size: 0 })
  })

  test.each([
    ['another origin', `example.com/${log}\n12\n${root.toString('base64')}\n`],
    ['no log id', `ai-governance-proxy/log\n12\n${root.toString('base64')}\n`],
    ['a leading zero', `ai-governance-proxy/${log}\n012\n${root.toString('base64')}\n`],
    ['a size that is no integer', `ai-governance-proxy/${log}\n1e3\n${root.toString('base64')}\n`],
    ['a short root', `ai-governance-proxy/${log}\n12\n${root.toString('base64', 0, 31)}\n`],
    ['two lines', `ai-governance-proxy/${log}\n12\n`],
  ])('with %s is refused, though it is signed', (_name, text) => {
    expect(() => openCheckpoint(signNote(text, [signer]), keys)).toThrow(NoteError)
  })
})

describe('a text of many notes', () => {
  const notes = [1, 2, 3].map(size => signCheckpoint({ log, size, root }, [signer, other]))
  const text = notes.map(note => `${note}\n`).join('')

  test('is split', () => {
    expect([...splitNotes(text)]).toEqual(notes)
    expect([...splitNotes('')]).toEqual([])
    expect([...splitNotes(text.slice(0, -1))]).toEqual(notes)
  })

  test('gives what is torn at its end as well, to be refused', () => {
    const torn = [...splitNotes(text.slice(0, -40))]
    expect(torn.slice(0, 2)).toEqual(notes.slice(0, 2))
    expect(torn.slice(2).map(note => faultOf(note))).toEqual(['malformed'])
  })
})
