/** Zero-width characters, soft hyphens, bidirectional controls, variation selectors, tags: all that shows nothing. */
const invisible = /\p{Default_Ignorable_Code_Point}/gu
const dashes = /[\u2010-\u2015\u2043\u2212\u30fc\ufe58\ufe63\uff0d]/g
const spaces = /[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/g
const foreignDigits = /(?![0-9])\p{Nd}/gu
const escapes =
  /\\{1,8}(?:u00([2-7][0-9a-f])|x([2-7][0-9a-f])|([nrt])|\/)|%([2-7][0-9a-f])|&#(?:x0{0,4}([2-7][0-9a-f])|0{0,4}(\d{2,3}));?|&(commat|period);/gi

/** The last code point with a decimal digit, by Unicode 16. */
const lastDigit = 0x1fbf9

/** Decimal digits of every script. Unicode lists each script's ten in order, so a count gives their values. */
const digitValues = (() => {
  const values = new Map<string, string>()
  for (let code = 0x660; code <= lastDigit; code++) {
    const digit = String.fromCodePoint(code)
    if (/\p{Nd}/u.test(digit)) values.set(digit, String(values.size % 10))
  }
  return values
})()

const toAsciiDigit = (digit: string) => digitValues.get(digit) ?? digit

const decode = (
  whole: string,
  u?: string,
  x?: string,
  control?: string,
  percent?: string,
  hex?: string,
  decimal?: string,
  name?: string,
) => {
  if (control !== undefined) return ' '
  if (name !== undefined) return name.toLowerCase() === 'commat' ? '@' : '.'
  const code = decimal === undefined ? Number.parseInt(u ?? x ?? percent ?? hex ?? '2f', 16) : Number(decimal)
  return code >= 32 && code < 127 ? String.fromCharCode(code) : whole
}

/** True if a text with `%`, `&` or `\\` in it may hold an escape. */
export const hasEscapes = (text: string) => /%[2-7]|&[#cp]|\\[unrtx/\\]/i.test(text)

/**
 * The form that detectors read: NFKC, ASCII digits, dashes and spaces, nothing invisible, and the escapes of JSON,
 * URLs and HTML for ASCII characters decoded. NUL stays: it is the border between texts. Linear.
 */
export const toNormalForm = (text: string) =>
  text
    .normalize('NFKC')
    .replace(invisible, '')
    .replace(escapes, decode)
    .replace(dashes, '-')
    .replace(spaces, ' ')
    .replace(foreignDigits, toAsciiDigit)
    .replaceAll('\u3002', '.')
