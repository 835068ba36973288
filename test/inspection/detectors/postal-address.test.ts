import { describe, expect, it } from 'vitest'
import { findAll } from '../../../src/inspection/detect.ts'
import { growth, inProportion, repeated } from '../../growth.ts'

const addressesIn = (text: string) =>
  findAll(text)
    .filter(({ type }) => type === 'postal_address')
    .map(({ start, end }) => text.slice(start, end))

describe('postal addresses', () => {
  const found: [text: string, ...addresses: string[]][] = [
    ['Ship it to 12 Elm Street, Springfield, IL 62701 please', '12 Elm Street, Springfield, IL 62701'],
    ['12 Elm Street\nSpringfield, IL 62701', '12 Elm Street\nSpringfield, IL 62701'],
    ['She lives at 4500 North Oak Ridge Blvd Apt 7B.', '4500 North Oak Ridge Blvd Apt 7B'],
    ['at 10 Market Square, London SW1A 2AA', '10 Market Square, London SW1A 2AA'],
    ['Musterstraße 12, 12345 Berlin', 'Musterstraße 12, 12345 Berlin'],
    ['Er wohnt in der Berliner Straße 5', 'Berliner Straße 5'],
    ['Hauptſtr. 5 und Lindengaſſe 12', 'Hauptſtr. 5', 'Lindengaſſe 12'],
    ['I live at 5 rue de la Paix, 75002 Paris', '5 rue de la Paix, 75002 Paris'],
    ['Calle de Alcalá 44 y nada más', 'Calle de Alcalá 44'],
    ['Rua das Flores 120', 'Rua das Flores 120'],
    ['ul. Długa 15', 'ul. Długa 15'],
    ['Petőfi Sándor utca 3.', 'Petőfi Sándor utca 3'],
    ['Storgatan 9 och Kerkstraat 81', 'Storgatan 9', 'Kerkstraat 81'],
    ['P.O. Box 1234, Postfach 56', 'P.O. Box 1234', 'Postfach 56'],
    ['PSC 1234, Box 5678\nAPO AE 09123', 'PSC 1234, Box 5678\nAPO AE 09123'],
    ['Ann Lee\n44 Hill Road\nApt. 3\nDover\nUnited Kingdom 55012', '44 Hill Road', 'Apt. 3', '55012'],
    ['Address: 9 Birch Lane\n Suite 4\n Dover\n Ireland 55012', '9 Birch Lane\n Suite 4\n Dover\n Ireland 55012'],
    ['{"street":"77 Sunset Boulevard"}', '77 Sunset Boulevard'],
    ['send it to 12 elm street, springfield, usa 62701', '12 elm street, springfield, usa 62701'],
  ]
  it.each(found)('%j', (text, ...addresses) => {
    expect(addressesIn(text)).toEqual(addresses)
  })

  const nothing = [
    'in 2020 the Supreme Court ruled',
    'the 2016 Supreme Court',
    'a 5 minute drive, 3 way split, 10 square meters',
    'upgrade to Spring 5 and Python 3 on Ubuntu 22',
    'on March 15 at Room 12',
    'Suite 16 and Unit 5',
    'Chapter 3 The Long Road Home 4',
    'Via Python 3 we call 12 apples and 20000 pears',
    'const street = 12; // Street 5',
    '12 Elm\0Street',
  ]
  it.each(nothing)('nothing in %j', text => {
    expect(addressesIn(text)).toEqual([])
  })

  it.each(['12 Main St ', '1 A ', 'Apt. 1 ', 'A B C D E 1 ', '1 rue de ', 'address: 1 A\n', '>'])(
    'takes time in proportion to %j',
    unit => {
      expect(growth(size => findAll(repeated(unit, size)), 262_144)).toBeLessThan(inProportion)
    },
  )
})
