/** What a UTF-16 unit is to the tokeniser. */
export const unit = { sign: 0, space: 1, newline: 2, digit: 3, lower: 4, upper: 5, caseless: 6, apostrophe: 7 } as const

/** Units above this are letters of scripts without case, or signs. */
const casedScriptsEnd = 0x2000
const caselessLettersStart = 0x2e80

const unitOf = new Uint8Array(65_536).fill(unit.caseless, caselessLettersStart)
const lowerOf = new Uint16Array(65_536)

const kinds: readonly [RegExp, number][] = [
  [/\p{Lu}|\p{Lt}/u, unit.upper],
  [/\p{Ll}/u, unit.lower],
  [/\p{L}|\p{M}/u, unit.caseless],
  [/\d/, unit.digit],
  [/[\n\r]/, unit.newline],
  [/\s/, unit.space],
  [/'/, unit.apostrophe],
]

for (let code = 0; code < lowerOf.length; code++) lowerOf[code] = code
for (let code = 0; code < casedScriptsEnd; code++) {
  const character = String.fromCharCode(code)
  unitOf[code] = kinds.find(([rule]) => rule.test(character))?.[1] ?? unit.sign
  const lower = character.toLowerCase()
  if (lower.length === 1) lowerOf[code] = lower.charCodeAt(0)
}
unitOf[0x2019] = unit.apostrophe
// Joins the parts of an identifier as a letter does.
unitOf[0x5f] = unit.caseless

/** Where in a reading its kind is, as a bit. */
const seenShift = 16
export const bitOf = (kind: number) => 1 << (seenShift + kind)

/** Of each unit its lower case in the low bits, and what it is in the bit of its kind: one look for both. */
export const readings = Int32Array.from(lowerOf, (lower, code) => lower | bitOf(unitOf[code] ?? unit.sign))

export const kindOf = (code: number) => unitOf[code] ?? unit.sign
export const lowerOfReading = (reading: number) => reading & 0xffff
export const toLower = (code: number) => lowerOf[code] ?? 0

/** 1 for the signs given. A table is several times as fast as a set. */
export const signTable = (signs: string) => {
  const table = new Uint8Array(65_536)
  for (const sign of signs) table[sign.charCodeAt(0)] = 1
  return table
}
