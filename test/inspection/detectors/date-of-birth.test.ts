import { describe, expect, it } from 'vitest'
import { findAll } from '../../../src/inspection/detect.ts'
import { growth, inProportion, repeated } from '../../growth.ts'

const datesIn = (text: string) =>
  findAll(text)
    .filter(({ type }) => type === 'date_of_birth')
    .map(({ start, end }) => text.slice(start, end))

describe('dates of birth', () => {
  const cases: [text: string, ...dates: string[]][] = [
    ['DOB: 01/02/1990', '01/02/1990'],
    ['date of birth 1999-12-31.', '1999-12-31'],
    ['born on March 5, 1980 in Leeds', 'March 5, 1980'],
    ['Her birthday is the 5th of June 1988', '5th of June 1988'],
    ['geboren am 3. Mai 1975', '3. Mai 1975'],
    ['geboren 3.-Mai-1975', '3.-Mai-1975'],
    ['née le 4 mars 1960', '4 mars 1960'],
    ['nacida el 7 de abril de 1991', '7 de abril de 1991'],
    ['{"birth_date": "1970-01-30"}', '1970-01-30'],
    ['родился 12.04.1961', '12.04.1961'],
    ['the meeting is on 2020-01-02'],
    ['born in Rome; the contract that we signed much later, as of 2020-01-02'],
    ['born 1999-12-31-7, version 1.2.3, born 3/4'],
    ['NATO met on 12/12/2020'],
    ['DOB\0 01/02/1990'],
  ]
  it.each(cases)('%j', (text, ...dates) => {
    expect(datesIn(text)).toEqual(dates)
  })

  it('counts any date where one is expected', () => {
    expect(findAll('1990-02-01', new Set(['date_of_birth'])).map(({ type }) => type)).toEqual(['date_of_birth'])
  })

  it.each(['1/1/', 'born 1', 'May 1 ', '1 May '])('takes time in proportion to %j', unit => {
    expect(growth(size => findAll(repeated(unit, size)), 262_144)).toBeLessThan(inProportion)
  })
})
