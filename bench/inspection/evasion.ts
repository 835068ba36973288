import { findAll } from '../../src/inspection/detect.ts'
import { type Gold, load } from './data.ts'
import { type Detect, typeOf } from './score.ts'

type Labelled = { text: string; spans: Gold[] }

const each = (text: string, write: (character: string, index: number) => string) => [...text].map(write).join('')
const bytes = (text: string) => Array.from(Buffer.from(text), byte => `%${byte.toString(16).padStart(2, '0')}`).join('')
const units = (text: string) =>
  Array.from({ length: text.length }, (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')
const code = (character: string) => character.codePointAt(0) ?? 0

const latin = 'aceiopsxyABCEHIKMOPTX'
const cyrillic = 'асеіорѕхуАВСЕНІКМОРТХ'
const lookalike = (character: string) => cyrillic[latin.indexOf(character)] ?? character

/** Ways to write a text so that a person or a model reads the same, and a search for the plain form finds nothing. */
const disguises: Readonly<Record<string, (text: string) => string>> = {
  'zero-width characters': text => each(text, character => `${character}\u200b`),
  'soft hyphens': text => each(text, (character, i) => (i % 3 === 2 ? `\u00ad${character}` : character)),
  'full width': text => text.replace(/[!-~]/g, character => String.fromCharCode(code(character) + 0xfee0)),
  'Arabic-Indic digits': text => text.replace(/\d/g, digit => String.fromCharCode(0x660 + Number(digit))),
  // Every other one: a word without a Latin letter is a word of its own script.
  'Cyrillic look-alikes': text => each(text, (character, i) => (i % 2 === 0 ? lookalike(character) : character)),
  'HTML entities': text =>
    each(text, (character, i) => (i % 2 === 0 ? `&#${code(character)};` : `&#x${code(character).toString(16)};`)),
  'percent escapes': bytes,
  'JSON escapes': units,
  'double escapes': text => bytes(bytes(text)),
  'marks on digits': text => text.replace(/\d/g, digit => `${digit}\u20e3`),
  'bidirectional controls': text =>
    each(text, (character, i) => (i % 4 === 0 ? `\u202a${character}\u202c` : character)),
  'odd spaces and dashes': text => text.replaceAll(' ', '\u00a0').replaceAll('-', '\u2011'),
}

/** The same for a whole text: a run of base64 has no middle. */
const encodings: Readonly<Record<string, (text: string) => string>> = {
  base64: text => Buffer.from(text).toString('base64'),
  'base64 in lines': text =>
    (
      Buffer.from(text)
        .toString('base64')
        .match(/.{1,76}/g) ?? []
    ).join('\r\n'),
  'base64 of UTF-16': text => Buffer.from(text, 'utf16le').toString('base64'),
}

export const disguiseNames = [...Object.keys(disguises), ...Object.keys(encodings)]

/** Disguises the labelled places, or the whole text, and leads the labels along. */
export const disguise = ({ text, spans }: Labelled, name: string): Labelled => {
  const encode = encodings[name]
  const write = disguises[name] ?? (plain => plain)
  if (encode !== undefined) {
    const whole = encode(text)
    return { text: whole, spans: spans.map(span => ({ ...span, start: 0, end: whole.length })) }
  }
  let written = ''
  let last = 0
  const moved: Gold[] = []
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    if (span.start < last) continue
    written += text.slice(last, span.start)
    const start = written.length
    written += write(text.slice(span.start, span.end))
    moved.push({ ...span, start, end: written.length })
    last = span.end
  }
  return { text: written + text.slice(last), spans: moved }
}

/** Positive texts: whole documents, and the recognizers' cases whose place is stated. */
const positives = (): Labelled[] => [
  ...load('presidio_research_synth').filter(({ spans }) => spans.length > 0),
  ...load('presidio_recognizer_cases').flatMap(({ text, spans, expected_count }) =>
    spans !== null && expected_count > 0 ? [{ text, spans }] : [],
  ),
]

/** Labelled types that are found anywhere in their text. */
const foundTypes = ({ text, spans }: Labelled, detect: Detect) => {
  const found = new Set(detect(text).map(({ type }) => typeOf(type)))
  return new Set(spans.map(({ type }) => typeOf(type)).filter(type => found.has(type)))
}

/** Of the types that are found in plain texts, the share that is still found in disguise: overall, and by disguise. */
export function evasionRecall(detect: Detect = text => findAll(text)): {
  kept: number
  worst: string
  byDisguise: Map<string, number>
} {
  const texts = positives().map(plain => ({ plain, types: foundTypes(plain, detect) }))
  const byDisguise = new Map<string, number>()
  for (const name of disguiseNames) {
    let all = 0
    let kept = 0
    for (const { plain, types } of texts) {
      if (types.size === 0) continue
      const still = foundTypes(disguise(plain, name), detect)
      all += types.size
      kept += [...types].filter(type => still.has(type)).length
    }
    byDisguise.set(name, kept / all)
  }
  const shares = [...byDisguise].toSorted((a, b) => a[1] - b[1])
  return {
    kept: shares.reduce((sum, [, share]) => sum + share, 0) / shares.length,
    worst: shares[0]?.[0] ?? '',
    byDisguise,
  }
}
