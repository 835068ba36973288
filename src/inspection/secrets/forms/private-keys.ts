import { alphanumeric, type Form, formsOf } from '../form.ts'

/** Lines of base64, not an ellipsis: the shortest private key, Ed25519 in PKCS #8, has 64 characters. */
const keyMaterial = /[0-9A-Za-z+/=]{32}/
const leastVariety = 12
const holdsKey = (body: string) => (new Set(keyMaterial.exec(body)?.[0]).size >= leastVariety ? 1 : 0)

/** Longest PEM that is read: a key of 16,384 bits has about 13,000 characters. */
const longest = 16_000

/**
 * Keys in text: RFC 7468 and what came before it. A body ends at the next dashes, so many beginnings cost no more than
 * one; one that was cut off still counts.
 */
const pemForms = formsOf('secret_private_key', [
  [
    'PEM',
    'BEGIN',
    ` (?:[A-Z0-9]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)? ?-{4,5}(?:[^\\0-]|-(?!-)){0,${longest}}(?:-{4,5} ?END [A-Z0-9 ]{3,40}-{4,5})?`,
    holdsKey,
  ],
])

const otherForms = formsOf('secret_private_key', [
  ['age', 'AGE-SECRET-KEY-1', '[02-9AC-HJ-NP-Z]{58}'],
  ['1Password secret key', 'A3-', '[0-9A-Z]{6}-(?:[0-9A-Z]{11}|[0-9A-Z]{6}-[0-9A-Z]{5})(?:-[0-9A-Z]{5}){3}'],
  ['BIP 32', 'xprv yprv zprv', `${alphanumeric}{107,108}`],
  ['PuTTY', 'Private-Lines', ': \\d{1,3}\\s{1,2}[0-9A-Za-z+/=\\s]{32,16000}', holdsKey],
])

export const privateKeyForms: readonly Form[] = [...pemForms, ...otherForms]
