import { expect, it } from 'vitest'
import { dateTime } from '../../../src/inspection/detectors/date-time.ts'
import { growth, inProportion, repeated } from '../../growth.ts'
import { findBy } from '../looking.ts'

const found = (text: string) => findBy(dateTime, text).map(({ start, end }) => text.slice(start, end))

it.each([
  ['on 2026-11-25T02:51:34.120+01:00.', ['2026-11-25T02:51:34.120+01:00']],
  ['25.11.2026, 11/25/26 and 25-Nov-2026', ['25.11.2026', '11/25/26', '25-Nov-2026']],
  ['November 25th, 2026 or 25 novembre 2026 or May 2024', ['November 25th, 2026', '25 novembre 2026', 'May 2024']],
  ['at 10:30 pm, at 7 am', ['10:30 pm', '7 am']],
  ['we meet on Tuesday', ['Tuesday']],
  ['due 05/21, and founded in 1998', ['05/21', '1998']],
  ['half is 1/2, 16:9, version 4.17.21, lodash@4.17.21', []],
  ['12/34/5678, 2026-13-01, 99.99.2026', []],
  ['holiday birthday 1998 units', []],
])('%s', (text, dates) => {
  expect(found(text).toSorted()).toEqual(dates.toSorted())
})

it.each(['1/', '2026-', 'day', '12:30:', '1'])('is linear on %j', part => {
  expect(growth(size => findBy(dateTime, repeated(part, size)), 262_144)).toBeLessThan(inProportion)
})
