import { describe, expect, it } from 'vitest'
import { personName } from '../../../src/inspection/person-names/person-names.ts'
import { growth, inProportion, repeated } from '../../growth.ts'
import { findBy } from '../looking.ts'

const namesIn = (text: string, expected = false) =>
  findBy(personName, text, ...(expected ? (['person_name'] as const) : [])).map(({ start, end }) =>
    text.slice(start, end),
  )

describe('names of people', () => {
  it.each([
    ['Yesterday I met Margaret Whitfield at the station.', ['Margaret Whitfield']],
    ['Dr. Rebecca Stone will call you back.', ['Rebecca Stone']],
    ["We took Daniel's car to the airport.", ['Daniel']],
    ['Hi Thomas,\n\nthe invoice is attached.\n\nKind regards,\nSandra Keller', ['Thomas', 'Sandra Keller']],
    ['Patient: Johnson, Emily', ['Johnson, Emily']],
    ['The report was written by Jean-Pierre Dubois.', ['Jean-Pierre Dubois']],
    ["I spoke with Kevin O'Brien about it.", ["Kevin O'Brien"]],
    ['Anna, Peter, Maria and Robert came to dinner.', ['Anna', 'Peter', 'Maria', 'Robert']],
    ['She married Willem van der Berg in Utrecht.', ['Willem van der Berg']],
    ['my brother michael lives in chicago', ['michael']],
    ['{"name": "Laura Schneider", "city": "Berlin"}', ['Laura Schneider']],
    ['Please ask Zdeněk Dvořák to sign.', ['Zdeněk Dvořák']],
  ])('%s', (text, names) => {
    expect(namesIn(text)).toEqual(names)
  })

  it.each([
    'The office in London opens on Monday.',
    'Dear Sir or Madam,',
    'Will you be there in May?',
    'import { Router } from "express"',
    'const paths = new Map(); paths.set(name, PathBuf.from(value))',
    '"node_modules/lodash": { "version": "4.17.21", "license": "MIT" }',
    'TypeError: Cannot read property at Object.map (index.js:12)',
    'Microsoft and Google reported earnings in April.',
    'How To Save Money On Groceries',
    '',
    '\0\0',
    '。、！？ 你好世界',
  ])('none in %s', text => {
    expect(namesIn(text)).toEqual([])
  })

  it('is surer of a name where one is expected', () => {
    const text = 'Forwarded on behalf of Wrenfold Quillby'
    const [certain] = findBy(personName, text, 'person_name')
    const [unsure] = findBy(personName, text)
    expect(certain?.confidence ?? 0).toBeGreaterThan(unsure?.confidence ?? 0)
  })

  it('never spans the border between texts', () => {
    for (const { start, end } of findBy(personName, 'I met Susan\0Miller today'))
      expect('I met Susan\0Miller today'.slice(start, end)).not.toContain('\0')
  })

  it('gives confidences from 0.5 to 1, in order and without overlaps', () => {
    const text = 'Call Sarah Thompson or James Carter.\n'.repeat(200)
    const findings = findBy(personName, text)
    expect(findings).toHaveLength(400)
    findings.forEach(({ start, confidence }, i) => {
      expect(confidence).toBeGreaterThanOrEqual(0.5)
      expect(confidence).toBeLessThanOrEqual(1)
      expect(start).toBeGreaterThanOrEqual(findings[i - 1]?.end ?? 0)
    })
  })
})

/** Texts that make a careless reader look at the same units again and again. */
describe('hostile texts take linear time', () => {
  const shapes: [string, string][] = [
    ['one word', 'A'],
    ['initials', 'J. '],
    ['apostrophes', "O'"],
    ['hyphens', 'Al-'],
    ['commas', 'Ann, '],
    ['signs', '('],
    ['addresses', 'a@'],
    ['lines', '\n'],
    ['borders', '\0'],
    ['names', 'John Smith '],
  ]

  it.each(shapes)('%s', (_, piece) => {
    const find = (size: number) => findBy(personName, repeated(piece, size))
    expect(growth(find, 262_144)).toBeLessThan(inProportion)
  })
})
