import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findAll } from '../../src/inspection/detect.ts'
import { toNormalForm } from '../../src/inspection/normal-form.ts'
import { growth, inProportion, repeated } from '../growth.ts'

const utf16 = (text: string, bigEndian = false) => {
  const bytes = Buffer.from(text, 'utf16le')
  return (bigEndian ? bytes.swap16() : bytes).toString('base64')
}

describe('what the normal form makes of a text', () => {
  const cases: [string, raw: string, normal: string][] = [
    ['plain text', 'Hello, world 12', 'Hello, world 12'],
    ['full width', 'ＡＢＣ１２＠', 'ABC12@'],
    ['digits of another script', '٤١ ४१ 𝟺𝟷', '41 41 41'],
    ['what shows nothing', 'a\u200bb\u00adc\u202ed\u2066e\ufe0f', 'abcde'],
    ['dashes and spaces', 'a\u2011b\u2212c\u00a0d\u2009e', 'a-b-c d e'],
    ['an accent apart', 'e\u0301', 'é'],
    ['Hangul letters apart', '\u1112\u1161\u11ab', '한'],
    ['look-alikes in a Latin word', 'раypаl @ехаmple', 'paypal @example'],
    ['Russian', 'Моя оса, версия А', 'Моя оса, версия А'],
    ['Greek beside Latin', 'το API του ΟΤΕ', 'το API του ΟΤΕ'],
    ['a Russian domain', 'a@почта.рф', 'a@почта.рф'],
    ['numeric entities', '&#64;&#x40;&#x1F600;&#0064', '@@😀@'],
    ['named entities', 'a&commat;b&period;c &eacute;&nbsp;&amp;', 'a@b.c é &'],
    ['an unknown entity', '&fjlig; &page=1', '&fjlig; &page=1'],
    ['percent escapes of UTF-8', '%D0%BF%C3%A9%40', 'пé@'],
    ['percent escapes that are no UTF-8', '%ff%40', '%ff@'],
    ['JSON escapes', '\\u0040\\x41\\n\\u{1F600}\\ud83d\\ude00', '@A\n😀😀'],
    ['escapes within strings within strings', '\\\\\\\\u0040', '@'],
    ['escapes within escapes', '%2540 &amp;#64; %255Cu0040', '@ @ @'],
    ['no border', '%00 \\u0000 &#0; &#xd800000;', '%00 \\u0000 &#0; &#xd800000;'],
    ['base64', 'x YWxpY2VAZXhhbXBsZS5jb20= y', 'x YWxpY2VAZXhhbXBsZS5jb20= y\0alice@example.com'],
    [
      'URL-safe base64 in a data URL',
      'data:text/plain;base64,PDw_Pz8-Pj4gaGVsbG8',
      'data:text/plain;base64,PDw_Pz8-Pj4gaGVsbG8\0<<???>>> hello',
    ],
    [
      'base64 in a path',
      'https://x.example/to/YWxpY2VAZXhhbXBsZS5jb20',
      'https://x.example/to/YWxpY2VAZXhhbXBsZS5jb20\0alice@example.com',
    ],
    ['base64 of escapes', `${btoa('alice%40example.com')}`, `${btoa('alice%40example.com')}\0alice@example.com`],
    ['base64 of UTF-16', utf16('alice@example.com'), `${utf16('alice@example.com')}\0alice@example.com`],
    ['with a byte order mark', utf16('\ufeffa@b.example'), `${utf16('\ufeffa@b.example')}\0a@b.example`],
    ['the other byte order', utf16('a@b.example', true), `${utf16('a@b.example', true)}\0a@b.example`],
    ['marks on digits', '4\ufe0f\u20e31\u0336\u0301 e\u0336', '41 e\u0336'],
    ['words, paths and hashes', 'getElementsByTagName sha512-q83vEjRWeJq83vEjRWeJqw==', ''],
    ['an image', 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ', ''],
  ]
  it.each(cases)('%s', (_, raw, normal) => {
    expect(toNormalForm(raw).text).toBe(normal || raw)
  })

  it.each([
    [76, '\r\n'],
    [64, '\n'],
    [76, '\n  '],
  ])('joins base64 in lines of %i', (width, lineEnd) => {
    const text = `Please write to alice.liddell@example.com, or to ${'bob'.repeat(20)}@example.com, not to anyone else.`
    const lines = btoa(text).match(new RegExp(`.{1,${width}}`, 'g')) ?? []
    const raw = `Body:\n\n${lines.join(lineEnd)}\n\nBye`
    expect(toNormalForm(raw).text).toBe(`${raw}\0${text}`)
    const [found] = findAll(raw).map(({ start, end }) => raw.slice(start, end))
    expect(found).toBe(lines.join(lineEnd))
  })

  it('reads lines of base64 apart where they make no text together', () => {
    const line = btoa(`alice@example.com${' '.repeat(40)}`)
    expect(toNormalForm(`${line}\nPlease`).text).toContain('\0alice@example.com')
  })

  it('looks into two encodings, one in the other, and no further', () => {
    const encode = (times: number) =>
      Array.from({ length: times }).reduce(text => btoa(String(text)), 'alice@example.com')
    expect(toNormalForm(String(encode(2))).text).toContain('alice')
    expect(toNormalForm(String(encode(3))).text).not.toContain('alice')
  })
})

describe('the way back', () => {
  const cases: [string, string][] = [
    ['see ali\u200bce@exam\u00adple.com\u200b ok', 'ali\u200bce@exam\u00adple.com'],
    ['😀 %C3%A9 alice%2540example.com;', 'alice%2540example.com'],
    ['é &eacute; <alice&#64;example&period;com>', 'alice&#64;example&period;com'],
    ['привет аlicе@ехаmple.com!', 'аlicе@ехаmple.com'],
    ['ﬁ ％ ａｌｉｃｅ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'ａｌｉｃｅ＠ｅｘａｍｐｌｅ．ｃｏｍ'],
    ['%41 key: YWxpY2VAZXhhbXBsZS5jb20= %41', 'YWxpY2VAZXhhbXBsZS5jb20='],
    ['📞 4\u20e31\u20e35-555-0132 📞', '4\u20e31\u20e35-555-0132'],
  ]
  it.each(cases)('%s', (raw, found) => {
    expect(findAll(raw).map(({ start, end }) => raw.slice(start, end))).toEqual([found])
  })

  const pieces = fc.constantFrom(
    ...['a', 'B7', ' ', '.', '@', '\u200b', '\u00ad', 'é', 'e\u0301', 'ﬁ', '１', '😀', '𝟺', '%40', '%2540', '%C3%A9'],
    ...[
      '&#64;',
      '&amp;#64;',
      '&eacute;',
      '\\u0040',
      '\\\\n',
      'аb',
      'привет',
      '\u1112\u1161',
      'YWxpY2VAZXhhbXBsZS5jb20=',
      '1\u20e3',
    ],
  )
  const texts = fc.array(pieces, { maxLength: 40 }).map(parts => parts.join(''))

  it('stays within the text, keeps order, and never turns a span round', () => {
    fc.assert(
      fc.property(texts, raw => {
        const { text, toOriginal } = toNormalForm(raw)
        const length = text.indexOf('\0') === -1 ? text.length : text.indexOf('\0')
        let last = { start: 0, end: 0 }
        for (let start = 0; start < length; start++) {
          const span = toOriginal({ start, end: start + 1 })
          expect(span.start).toBeGreaterThanOrEqual(last.start)
          expect(span.end).toBeGreaterThanOrEqual(last.end)
          expect(span.end).toBeGreaterThan(span.start)
          expect(span.end).toBeLessThanOrEqual(raw.length)
          last = span
        }
      }),
    )
  })

  it('leads to something that reads as the span does', () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const raw = `${before} alice&#64;example.com ${after}`
        const found = findAll(raw).map(({ start, end }) => raw.slice(start, end))
        expect(found).toContain('alice&#64;example.com')
      }),
    )
  })

  it('leaves plain ASCII where it is', () => {
    const letters = fc.string({ unit: fc.constantFrom(...' abcxyz,.-0123456789\n') })
    fc.assert(
      fc.property(letters, raw => {
        const { text, toOriginal } = toNormalForm(raw)
        expect(text).toBe(raw)
        expect(toOriginal({ start: 0, end: raw.length })).toEqual({ start: 0, end: raw.length })
      }),
    )
  })
})

describe('hostile texts', () => {
  it.each([
    '%',
    '\\',
    '&',
    '&#',
    '%2',
    '%25',
    '\\u',
    'Aa',
    'YWxp',
    '\u1100',
    '\u0301',
    '1\u0301',
    '١',
    'аa',
    `${'QUJD'.repeat(19)}\n`,
    `${'YWxp'.repeat(19)}\n`,
  ])('%s', unit => {
    const readBothWays = (size: number) => toNormalForm(repeated(unit, size)).toOriginal({ start: 0, end: 1 })
    expect(growth(readBothWays, 262_144)).toBeLessThan(inProportion)
  })
})
