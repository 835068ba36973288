import { RE2JS } from 're2js'
import type { CustomDetector } from '../contracts/custom-detector.ts'
import { border, type Detector, type Finding, hasContext } from './detectors/detector.ts'
import { passesLuhn, passesMod97 } from './detectors/identifiers/checksums.ts'

const passes: Record<CustomDetector['checksum'], (finding: string) => boolean> = {
  none: () => true,
  luhn: finding => passesLuhn(finding.replaceAll(/\D/g, '')),
  mod97: finding => passesMod97(finding.replaceAll(/[^A-Za-z0-9]/g, '').toUpperCase()),
}

/** Compiled once for each set of definitions: a policy's list stays the same object while the policy holds. */
const compiled = new WeakMap<readonly CustomDetector[], readonly Detector[]>()

/** Detectors of a customer's own definitions. RE2 runs in time linear in the text, whatever the pattern. */
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
    find(text) {
      const findings: Finding[] = []
      if (keywords !== null && !keywords.test(text)) return findings
      const matcher = pattern.matcher(text)
      while (matcher.find()) {
        const start = matcher.start()
        const end = matcher.end()
        const found = text.slice(start, end)
        if (start === end || found.includes(border) || !isRight(found)) continue
        if (context !== null && !hasContext(text, start, context)) continue
        findings.push({ type, start, end, confidence: 1 })
      }
      return findings
    },
  }
}

const syntaxCharacters = /[\\^$.*+?()[\]{}|/]/g

const anyOf = (words: readonly string[]): RegExp | null =>
  words.length === 0 ? null : new RegExp(words.map(word => word.replace(syntaxCharacters, '\\$&')).join('|'), 'i')
