import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detect } from '../../src/inspection/detect.ts'
import { growth, inProportion, repeated } from '../growth.ts'
import { inspectJson } from './looking.ts'

const emails = fc.constantFrom('alice@example.com', 'b.c+d@mail.example.org')

/** A JSON value with one string position replaced by a text that holds an e-mail address. */
const bodyWithEmail = fc
  .tuple(
    fc.jsonValue({ maxDepth: 6 }),
    fc.array(fc.oneof(fc.string({ maxLength: 8 }), fc.nat(5)), { maxLength: 6 }),
    emails,
  )
  .chain(([rest, path, email]) =>
    fc.tuple(fc.string(), fc.string()).map(([before, after]) => {
      const text = `${before} ${email} ${after}`
      return path.reduce<unknown>(
        (inner, step) =>
          typeof step === 'number'
            ? [...Array(step).fill(rest), inner]
            : { ...Object.fromEntries([[step, inner]]), rest },
        text,
      )
    }),
  )

describe('detect', () => {
  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), text => {
        for (const count of Object.values(detect(text))) expect(count).toBeGreaterThan(0)
      }),
      { numRuns: 500 },
    )
  })

  it('never throws on texts made of what detectors look for', () => {
    const pieces = fc.constantFrom(
      '+',
      '(',
      ')',
      '1',
      '41',
      '0',
      ' ',
      '-',
      '.',
      ':',
      '@',
      'a',
      'DE',
      '\\u',
      '%4',
      '\0',
      'ssn',
      'é',
      '٣',
      '::',
      'f',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 80 }), parts => void detect(parts.join(''))),
      { numRuns: 500 },
    )
  })

  it('finds an e-mail address in any string position of any body', () => {
    fc.assert(
      fc.property(bodyWithEmail, body => {
        expect(inspectJson(body).types.email).toBeGreaterThan(0)
      }),
    )
  })
})

describe('hostile texts of 1 MB', () => {
  const units = [
    '1',
    'a@',
    '-',
    '+1 ',
    '2001:',
    ':',
    '::',
    '1.',
    '4 ',
    '4',
    '5 5-',
    '4111 1111 1111 1111 ',
    'DE89 ',
    '+14155550132 ',
  ]
  const more = [
    '020 7946 0958 ',
    '123-45-6789 ',
    'a',
    '@',
    'a@a.',
    '\\',
    '\\u0040',
    '%40',
    '&#64;',
    '\u200b',
    '１',
    '٣ ',
    '(1',
    '://',
    'eyJ-',
    'eyJa-',
    'M 1 AB ',
    `${'eyJ-'.repeat(1000)}.${'eyJ-'.repeat(4000)} `,
    `${'eyJ-'.repeat(1000)}${`.${'eyJ-'.repeat(3996)}`.repeat(3)} `,
  ]

  it.each([...units, ...more].map(unit => [unit.slice(0, 24), unit]))('%j', { timeout: 60_000 }, (_, unit) => {
    expect(growth(size => detect(repeated(unit, size)))).toBeLessThan(inProportion)
  })
})
