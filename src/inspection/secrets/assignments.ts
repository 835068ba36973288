import type { Finding } from '../detectors/detector.ts'
import { meaningOf } from './names.ts'

const longestName = 48

/** Between a name and the sign after it: `"name": `, `name']=`, `**Name:**`. */
const isCloser = (code: number) =>
  code === 32 || code === 34 || code === 39 || code === 93 || code === 42 || code === 96 || code === 92

const isLetterOrDigit = (code: number) =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code > 127

/** Also in names: `_`, `-`, `.` and the space of `api key`. */
const isNameCode = (code: number) => isLetterOrDigit(code) || code === 95 || code === 45 || code === 46 || code === 32

const nameBefore = (text: string, sign: number) => {
  let end = sign
  while (end > sign - 4 && end > 0 && isCloser(text.charCodeAt(end - 1))) end--
  if (end === 0 || !isLetterOrDigit(text.charCodeAt(end - 1))) return ''
  let start = end - 1
  while (start > end - longestName && start > 0 && isNameCode(text.charCodeAt(start - 1))) start--
  return text.slice(start, end)
}

/** The rest of a sign of two characters, space, and the value: in quotes, or bare up to what ends one. */
const valueAfter =
  /[=>*]{0,2}[ \t]{0,4}(?:\r?\n[ \t]{1,8})?(?:[bru]?\\?(?:"([^"\\\n\0]{1,512})|'([^'\\\n\0]{1,512})|`([^`\\\n\0]{1,512}))|([^\s"'`,;<>(){}[\]\\|=\0]{4,512}={0,2})(?![([]))/dy

/** Marks that end a sentence rather than a value. */
const withoutStop = (value: string) => value.replace(/[.!?:]{1,3}$/, '')

const readValue = (text: string, from: number) => {
  valueAfter.lastIndex = from
  const match = valueAfter.exec(text)
  if (match === null) return null
  const [start] = match.indices?.slice(1).find(span => span !== undefined) ?? [from]
  const value = match[1] ?? match[2] ?? match[3] ?? match[4] ?? ''
  return { start, value: match[4] === undefined ? value : withoutStop(value) }
}

/** The name that stands in a pair of its own: `name="password" value=`, `- name: PASSWORD\n  value:`. */
const pairedName = /(?:name|key|Name|Key)\\?["']?\s{0,2}[:=]\s{0,2}\\?["']?([\w.-]{1,64})\\?["']?,?\s{1,16}\\?["']?$/

const nameOfValue = (text: string, sign: number) => {
  const before = text.slice(Math.max(0, sign - 112), sign).replace(/value[\\"']{0,2} ?$/i, '')
  return pairedName.exec(before)?.[1] ?? ''
}

const findAfter = (text: string, sign: number, name: string): Finding | null => {
  const named = name === '' ? undefined : meaningOf(name)
  if (named === undefined) return null
  const found = readValue(text, sign + 1)
  if (found === null || !named.accepts(found.value)) return null
  const { start, value } = found
  return { start, end: start + value.length, type: named.type, confidence: named.confidence }
}

/** A secret after a name and `=`, `:` or `>`, which is at `sign`. */
export const assignedSecret = (text: string, sign: number) => {
  const name = nameBefore(text, sign).trim()
  return findAfter(text, sign, /^value$/i.test(name) ? nameOfValue(text, sign) : name)
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
const space = /[ \t](?=\S)/y

const signAfter = (text: string, start: number, end: number) => {
  for (const pattern of text.charAt(start - 1) === '-' ? [space] : [verb, quote]) {
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
