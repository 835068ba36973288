import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { decodeBase64 } from './base64.ts'
import { sha256 } from './hash.ts'

/** Name of the keys that sign logs, unless another is given. */
const KEY_NAME = 'ai-governance-proxy'

/** Ed25519, of the signature types of c2sp.org/signed-note. */
const ED25519 = Buffer.of(0x01)
/** What stands before the 32 bytes of an Ed25519 public key in a SubjectPublicKeyInfo (RFC 8410). */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex')

/** Checks signatures of one key. Name and id, together, are how a signature names it. */
export type VerifierKey = {
  /** The key as it is written down. */
  text: string
  name: string
  /** Four bytes, as hexadecimal. */
  id: string
  verify(text: string, signature: Buffer): boolean
}

/** Signs with one key. `verifierKey` is the public half, as text. */
export type Signer = { name: string; id: string; verifierKey: string; sign(text: string): Buffer }

/**
 * A new private key, as PKCS #8 in PEM: what OpenSSL and key stores read and write. (A note `PRIVATE+KEY` is read by
 * note tools only, and holds a name that belongs to the settings.)
 */
export function generatePrivateKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** Throws if `pem` is not an Ed25519 private key or `name` cannot be a key's name. The error does not quote the key. */
export function createSigner(pem: string, name: string = KEY_NAME): Signer {
  if (!isKeyName(name)) throw new TypeError('A key name has no spaces and no plus')
  const privateKey = readPrivateKey(pem)
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).subarray(spkiPrefix.length)
  const id = keyId(name, publicKey)
  return {
    name,
    id,
    verifierKey: `${name}+${id}+${Buffer.concat([ED25519, publicKey]).toString('base64')}`,
    sign: text => sign(null, Buffer.from(text), privateKey),
  }
}

/**
 * Reads a C2SP note verifier key (vkey): `<name>+<8 hex digits>+<base64(0x01 || public key)>`. Throws for any other
 * text.
 */
export function parseVerifierKey(vkey: string): VerifierKey {
  // The name holds no plus; the base 64 may.
  const [, name = '', id = '', encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey) ?? []
  const bytes = decodeBase64(encoded)
  if (!isKeyName(name) || bytes?.length !== 33 || bytes[0] !== ED25519[0]) {
    throw new TypeError('Not a verifier key of an Ed25519 key')
  }
  const publicKey = bytes.subarray(1)
  if (keyId(name, publicKey) !== id) throw new TypeError('The id of the verifier key is not that of its key')
  const key = createPublicKey({ key: Buffer.concat([spkiPrefix, publicKey]), format: 'der', type: 'spki' })
  return { text: vkey, name, id, verify: (text, signature) => verify(null, Buffer.from(text), key, signature) }
}

/**
 * Whether a text can name a key (c2sp.org/signed-note): not empty, no Unicode spaces, no plus, no control characters.
 */
export function isKeyName(name: string): boolean {
  return /^[^\s+\p{Cc}]+$/u.test(name) && name.isWellFormed()
}

function keyId(name: string, publicKey: Buffer): string {
  return sha256(Buffer.concat([Buffer.from(`${name}\n`), ED25519, publicKey])).toString('hex', 0, 4)
}

/** Whether a text is a key that can sign a log. */
export function isPrivateKey(pem: string): boolean {
  return parsePem(pem)?.asymmetricKeyType === 'ed25519'
}

function readPrivateKey(pem: string): KeyObject {
  const key = parsePem(pem)
  if (key?.asymmetricKeyType !== 'ed25519') throw new TypeError('Not an Ed25519 private key in PEM')
  return key
}

function parsePem(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem)
  } catch {
    return null
  }
}
