import { RE2JS } from 're2js'
import type { CustomDetector } from '../contracts/custom-detector.ts'
import { border, type Detector, type Finding, hasContext, type Span } from './detectors/detector.ts'
import { passesLuhn, passesMod97 } from './detectors/identifiers/checksums.ts'

const passes: Record<CustomDetector['checksum'], (finding: string) => boolean> = {
  none: () => true,
  luhn: passesLuhn,
  mod97: finding => passesMod97(finding.replaceAll(/[^A-Za-z0-9]/g, '').toUpperCase()),
}

/** Compiled once for each set of definitions: a policy's list stays the same object while the policy holds. */
const compiled = new WeakMap<readonly CustomDetector[], readonly Detector[]>()

/**
 * Each match costs time linear in the text, whatever the pattern, so their number is bounded: findings in a text, and
 * matches that may be none by their check digits or context.
 */
const mostFindings = 1_000
const mostMatches = 10_000

/** Detectors of a customer's own definitions, which RE2 runs. */
export const customDetectors = (definitions: readonly CustomDetector[]): readonly Detector[] => {
  const known = compiled.get(definitions)
  if (known !== undefined) return known
  const detectors = definitions.map(detectorOfDefinition)
  compiled.set(definitions, detectors)
  return detectors
}

const detectorOfDefinition = (definition: CustomDetector): Detector => {
  const type = `custom:${definition.type}` as const
  const pattern = RE2JS.compile(definition.pattern, definition.ignore_case ? RE2JS.CASE_INSENSITIVE : 0)
  const keywords = anyOf(definition.keywords)
  const context = anyOf(definition.context)
  const isRight = passes[definition.checksum]
  return {
    types: [type],
    applies: () => true,
    find({ text: joined }) {
      const findings: Finding[] = []
      for (const { text, from } of textsIn(joined)) {
        if (keywords !== null && !keywords.test(text)) continue
        let left = mostFindings
        for (const { start, end } of matchesIn(pattern, text)) {
          if (!isRight(text.slice(start, end))) continue
          if (context !== null && !hasContext(text, start, context)) continue
          findings.push({ type, start: from + start, end: from + end, confidence: 1 })
          if (--left === 0) break
        }
      }
      return findings
    },
  }
}

/** Texts between borders, so that `^` and `$` are where each begins and ends. */
const textsIn = function* (joined: string) {
  let from = 0
  for (const text of joined.split(border)) {
    yield { text, from }
    from += text.length + border.length
  }
}

const matchesIn = function* (pattern: RE2JS, text: string): Generator<Span> {
  const matcher = pattern.matcher(text)
  for (let left = mostMatches; left > 0 && matcher.find(); left--) {
    const span = { start: matcher.start(), end: matcher.end() }
    if (span.end > span.start) yield span
  }
}

const syntaxCharacters = /[\\^$.*+?()[\]{}|/]/g

const anyOf = (words: readonly string[]): RegExp | null =>
  words.length === 0 ? null : new RegExp(words.map(word => word.replace(syntaxCharacters, '\\$&')).join('|'), 'i')
