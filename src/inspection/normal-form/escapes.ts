import { matching, type Rule } from './rewriting.ts'

/** Names of characters in HTML that can stand in an address, a number or a key. Source: the HTML standard, 13.5. */
const named = new Map(
  Object.entries({
    amp: '&',
    apos: "'",
    bsol: '\\',
    colon: ':',
    comma: ',',
    commat: '@',
    dash: '-',
    dollar: '$',
    emsp: ' ',
    ensp: ' ',
    equals: '=',
    excl: '!',
    gt: '>',
    hyphen: '-',
    lowbar: '_',
    lpar: '(',
    lrm: '',
    lt: '<',
    mdash: '-',
    nbsp: ' ',
    ndash: '-',
    newline: '\n',
    num: '#',
    percnt: '%',
    period: '.',
    plus: '+',
    quot: '"',
    rlm: '',
    rpar: ')',
    semi: ';',
    shy: '',
    sol: '/',
    szlig: 'ß',
    tab: ' ',
    thinsp: ' ',
    zwj: '',
    zwnj: '',
  }),
)

/** The accents of names such as `eacute`, as combining marks. */
const accents = new Map(
  Object.entries({
    acute: '\u0301',
    caron: '\u030c',
    cedil: '\u0327',
    circ: '\u0302',
    grave: '\u0300',
    ring: '\u030a',
    slash: '\u0338',
    tilde: '\u0303',
    uml: '\u0308',
  }),
)

/** Controls show nothing, and a decoded NUL would be a border between texts: both stay encoded, white space apart. */
const characterOf = (code: number, whole: string) => {
  if (code === 9 || code === 10 || code === 13) return code === 10 ? '\n' : ' '
  return code >= 32 && code !== 127 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
}

const entityName = /^&([a-z]{2,8}?);?$/i
const decodeEntity = (entity: string) => {
  if (entity.charAt(1) === '#') {
    const digits = entity.endsWith(';') ? entity.slice(2, -1) : entity.slice(2)
    const isHex = digits.charAt(0).toLowerCase() === 'x'
    return characterOf(isHex ? Number.parseInt(digits.slice(1), 16) : Number(digits), entity)
  }
  const name = entityName.exec(entity)?.[1] ?? ''
  const plain = named.get(name.toLowerCase())
  if (plain !== undefined) return plain
  const accent = accents.get(name.slice(1))
  return accent === undefined ? entity : (name.charAt(0) + accent).normalize('NFC')
}

/** A run of bytes is UTF-8 as a whole, or else it is decoded byte by byte as far as it is ASCII. */
const decodePercent = (run: string) => {
  try {
    const decoded = decodeURIComponent(run)
    if (!/[^\P{Cc}\t\n\r]/u.test(decoded)) return decoded
  } catch {
    // Not UTF-8: the ASCII in it is decoded below.
  }
  return run.replace(/%[0-7][0-9a-f]/gi, byte => characterOf(Number.parseInt(byte.slice(1), 16), byte))
}

const controls: Readonly<Record<string, string>> = { n: '\n', r: ' ', t: ' ', '/': '/', '"': '"' }
const decodeBackslash = (escaped: string) => {
  const body = escaped.replace(/^\\+/, '')
  return controls[body] ?? characterOf(Number.parseInt(body.replace(/[^0-9a-f]/gi, ''), 16), escaped)
}

const decoders: Readonly<Record<string, (match: string) => string>> = {
  '\\': decodeBackslash,
  '%': decodePercent,
  '&': decodeEntity,
}

/**
 * Escapes of JSON and JavaScript (after as many backslashes as strings in strings need), of URLs and of HTML.
 * Bounded, so that a flood of any of their characters costs no more than its length.
 */
export const escapeRule: Rule = {
  replaceAll: matching(
    /\\{1,8}(?:u[0-9a-f]{4}|u\{[0-9a-f]{1,6}\}|x[0-9a-f]{2}|[nrt/"])|(?:%[0-9a-f]{2})+|&(?:#x[0-9a-f]{1,8}|#[0-9]{1,8});?|&(?:[a-z]{2,8};|commat|period)/gi,
  ),
  replace: match => decoders[match.charAt(0)]?.(match) ?? match,
}

/** True if a text with `%`, `&` or `\` in it may hold an escape. */
export const hasEscapes = (text: string) => /%[0-9a-f]{2}|&(?:#|[a-z]{2,8};|commat|period)|\\[unrtx/"]/i.test(text)
