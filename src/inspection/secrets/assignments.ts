import type { Finding } from '../detectors/detector.ts'
import { meaningOf } from './names.ts'

/** Characters, and words apart by spaces, that a name may have: `mot de passe` has three. */
const longestName = 48
/** `pw`. */
const shortestName = 2
const mostWords = 3

const letterOrDigit = 1
/** Also in names: `_`, `-` and `.`. */
const joiner = 2
const space = 3
/** Between a name and the sign after it, as a space may be: `"name": `, `name']=`, `**Name:**`. */
const closer = 4

const kinds = (() => {
  const table = new Uint8Array(128)
  const fill = (characters: string, kind: number) => {
    for (const character of characters) table[character.charCodeAt(0)] = kind
  }
  fill('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', letterOrDigit)
  fill('_-.', joiner)
  fill(' ', space)
  fill('"\'`]*\\', closer)
  return table
})()
const kindAt = (text: string, at: number) => {
  const code = text.charCodeAt(at)
  return code > 127 ? letterOrDigit : kinds[code]
}

const nameBefore = (text: string, sign: number) => {
  let end = sign
  for (let kind = kindAt(text, end - 1); end > sign - 4 && (kind === closer || kind === space); ) {
    end--
    kind = kindAt(text, end - 1)
  }
  if (kindAt(text, end - 1) !== letterOrDigit) return ''
  let start = end - 1
  for (let words = 1; start > end - longestName; start--) {
    const kind = kindAt(text, start - 1)
    if (kind === undefined || kind === 0 || kind === closer || (kind === space && ++words > mostWords)) break
  }
  return text.slice(start, end)
}

/** The rest of a sign of two characters, space, and the value: in quotes, or bare up to what ends one. */
const valueAfter =
  /[=>*]{0,2}[ \t]{0,4}(?:\r?\n[ \t]{1,8})?(?:[bru]?\\?(?:"([^"\\\n\0]{1,512})|'([^'\\\n\0]{1,512})|`([^`\\\n\0]{1,512}))|([^\s"'`,;<>(){}[\]\\|=\0]{4,512}={0,2})(?![([]))/y

/** Marks that end a sentence rather than a value. */
const withoutStop = (value: string) => value.replace(/[.!?:]{1,3}$/, '')

const readValue = (text: string, from: number) => {
  valueAfter.lastIndex = from
  const match = valueAfter.exec(text)
  if (match === null) return null
  const value = match[1] ?? match[2] ?? match[3] ?? match[4] ?? ''
  // Whatever stands around a value, it ends the match.
  const start = valueAfter.lastIndex - value.length
  return { start, value: match[4] === undefined ? value : withoutStop(value) }
}

/** The name that stands in a pair of its own: `name="password" value=`, `- name: PASSWORD\n  value:`. */
const pairedName = /(?:name|key|Name|Key)\\?["']?\s{0,2}[:=]\s{0,2}\\?["']?([\w.-]{1,64})\\?["']?,?\s{1,16}\\?["']?$/

const nameOfValue = (text: string, sign: number) => {
  const before = text.slice(Math.max(0, sign - 112), sign).replace(/value[\\"']{0,2} ?$/i, '')
  return pairedName.exec(before)?.[1] ?? ''
}

const findAfter = (text: string, sign: number, name: string): Finding | null => {
  const named = meaningOf(name)
  if (named === undefined) return null
  const found = readValue(text, sign + 1)
  if (found === null || !named.accepts(found.value)) return null
  const { start, value } = found
  return { start, end: start + value.length, type: named.type, confidence: named.confidence }
}

/** A secret after a name and `=`, `:` or `>`, which is at `sign`. */
export const assignedSecret = (text: string, sign: number) => {
  const name = nameBefore(text, sign).trim()
  if (name.length < shortestName) return null
  return findAfter(text, sign, name.length === 5 && /^value$/i.test(name) ? nameOfValue(text, sign) : name)
}

/** Words after which a value may come without a sign: `my password is …`, `--token …`, `PASSWORD '…'`. */
export const statedNames = [
  'password',
  'passwd',
  'passphrase',
  'pwd',
  'passcode',
  'token',
  'secret',
  'key',
  'pat',
  'passwort',
  'kennwort',
  'contraseña',
  'passe',
  'senha',
  'auth',
].flatMap(word => [word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()])

const verb = / {1,2}(?:is|was|is now|ist|lautet|es|est|(?:is )?set to|BY|by)\b:?(?= )/y
const quote = / (?=["'`])/y
const gap = /[ \t](?=\S)/y

const signAfter = (text: string, start: number, end: number) => {
  for (const pattern of text.charAt(start - 1) === '-' ? [gap] : [verb, quote]) {
    pattern.lastIndex = end
    if (pattern.test(text)) return pattern.lastIndex - 1
  }
  return -1
}

/** A secret that is stated after a name that spans `start` to `end`. */
export const statedSecret = (text: string, start: number, end: number) => {
  const sign = signAfter(text, start, end)
  return sign < 0 ? null : findAfter(text, sign, nameBefore(text, end))
}
