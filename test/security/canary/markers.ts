// Texts that stand nowhere else, every form in which one could be kept and still be told, and a search for all of them.
import { createHash, randomInt } from 'node:crypto'

/** `content`: a sentence, which no pattern for names takes. `name`: a word that could be an identifier. */
export type Kind = 'content' | 'name'
export type Marker = { way: string; kind: Kind; word: string; value: string }
export type Found = { marker: Marker; form: string }

const consonants = 'bdfgklmnprstvz'
const vowels = 'aeiou'
const syllables = 11

/** A word that can be spoken: what looks like a secret to a detector would be dropped before it could leak. */
function newWord(): string {
  const letter = (from: string) => from.charAt(randomInt(from.length))
  return Array.from({ length: syllables }, () => letter(consonants) + letter(vowels)).join('')
}

const digests = ['md5', 'sha1', 'sha256', 'sha512'] as const
const utf16 = (text: string) => Buffer.from(text, 'utf16le')
const eachByte = (text: string, write: (hex: string) => string) =>
  [...Buffer.from(text)].map(byte => write(byte.toString(16).padStart(2, '0'))).join('')

/** What is left of a text's base64 whatever stands before and after it. */
function base64Of(text: string, shift: number): string {
  const whole = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]).toString('base64')
  return whole.slice(shift === 0 ? 0 : 4, -4)
}

/** A marker as it is, encoded, and as digests of its word and of its whole text. Each is of 8 bytes at least. */
export function formsOf({ word, value }: Pick<Marker, 'word' | 'value'>): [form: string, bytes: Buffer][] {
  const texts: [string, string | Buffer][] = [
    ['as it is', word],
    ['in upper case', word.toUpperCase()],
    ['reversed', [...word].toReversed().join('')],
    ['in base64', base64Of(word, 0)],
    ['in base64, shifted by 1', base64Of(word, 1)],
    ['in base64, shifted by 2', base64Of(word, 2)],
    ['in hex', eachByte(word, hex => hex)],
    ['in upper hex', eachByte(word, hex => hex.toUpperCase())],
    ['for URLs', eachByte(word, hex => `%${hex}`)],
    ['for URLs, in upper hex', eachByte(word, hex => `%${hex.toUpperCase()}`)],
    ['for JSON', eachByte(word, hex => `\\u00${hex}`)],
    ['for JSON, in upper hex', eachByte(word, hex => `\\u00${hex.toUpperCase()}`)],
    ['in UTF-16', utf16(word)],
    ['in UTF-16, big-endian', utf16(word).swap16()],
  ]
  for (const [what, text] of [
    ['word', word],
    ['text', value],
  ] as const) {
    for (const name of digests) {
      const digest = createHash(name).update(text).digest()
      texts.push(
        [`as ${name} of the ${what}`, digest],
        [`as ${name} of the ${what} in hex`, digest.toString('hex')],
        [`as ${name} of the ${what} in upper hex`, digest.toString('hex').toUpperCase()],
        [`as ${name} of the ${what} in base64`, digest.toString('base64').replace(/=+$/, '')],
        [`as ${name} of the ${what} in base64url`, digest.toString('base64url')],
      )
    }
  }
  return texts.map(([form, text]) => [form, typeof text === 'string' ? Buffer.from(text) : text])
}

export type Markers = ReturnType<typeof createMarkers>

/** Markers by the way on which each goes in. */
export function createMarkers() {
  const markers = new Map<string, Marker>()
  function mark(way: string, kind: Kind): string {
    const known = markers.get(way)
    if (known !== undefined) return known.value
    const word = newWord()
    const value = kind === 'name' ? word : `My sister ${word} is not well today`
    markers.set(way, { way, kind, word, value })
    return value
  }
  return {
    content: (way: string) => mark(way, 'content'),
    name: (way: string) => mark(way, 'name'),
    all: () => [...markers.values()],
  }
}

/** Bytes of a form by which it is noticed. */
const windowLength = 8
const hashOf = (high: number, low: number) => (Math.imul(high, 0x9e3779b1) ^ Math.imul(low, 0x85ebca6b)) >>> 0

/**
 * A search for all forms of all markers, in one pass over the bytes whatever their number (Karp and Rabin): each form
 * is noticed by the hash of its first 8 bytes, and then compared whole.
 */
export function createSearch(markers: readonly Marker[]) {
  const byHash = new Map<number, [marker: number, form: number][]>()
  // A table of single bytes, which answers nearly always, spares the look-up.
  const filter = new Uint8Array(1 << 24)
  for (const [index, marker] of markers.entries()) {
    for (const [form, [, bytes]] of formsOf(marker).entries()) {
      const hash = hashOf(bytes.readInt32BE(0), bytes.readInt32BE(4))
      filter[hash >>> 8] = 1
      const others = byHash.get(hash)
      if (others === undefined) byHash.set(hash, [[index, form]])
      else others.push([index, form])
    }
  }

  const forms = new Map<number, ReturnType<typeof formsOf>>()
  function formsAt(index: number) {
    const known = forms.get(index)
    if (known !== undefined) return known
    const made = formsOf(markers[index] as Marker)
    forms.set(index, made)
    return made
  }

  function* at(bytes: Buffer, start: number, hash: number): Generator<Found> {
    for (const [index, form] of byHash.get(hash) ?? []) {
      const marker = markers[index]
      const [name, wanted] = formsAt(index)[form] ?? []
      if (marker === undefined || name === undefined || wanted === undefined) continue
      if (bytes.subarray(start, start + wanted.length).equals(wanted)) yield { marker, form: name }
    }
  }

  /** What is found in these bytes, each marker once in each of its forms. */
  return function search(bytes: Buffer): Found[] {
    const found = new Map<string, Found>()
    let high = 0
    let low = 0
    for (let i = 0; i < bytes.length; i++) {
      high = (high << 8) | (low >>> 24)
      low = (low << 8) | (bytes[i] as number)
      const hash = hashOf(high, low)
      if (filter[hash >>> 8] === 0 || i < windowLength - 1) continue
      for (const one of at(bytes, i - windowLength + 1, hash)) found.set(`${one.form} ${one.marker.way}`, one)
    }
    return [...found.values()]
  }
}
