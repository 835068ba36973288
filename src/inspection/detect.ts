import type { FindingType } from '../contracts/facts.ts'
import { creditCard } from './detectors/credit-card.ts'
import { border, type Detector, type Expected, type Finding } from './detectors/detector.ts'
import { email } from './detectors/email.ts'
import { iban } from './detectors/iban.ts'
import { ipAddress } from './detectors/ip-address.ts'
import { phone } from './detectors/phone.ts'
import { usSsn } from './detectors/us-ssn.ts'
import { type NormalForm, toNormalForm } from './normal-form.ts'

/** Where equally confident findings overlap, the first detector's stands: a card number is not also a phone number. */
const detectors: readonly Detector[] = [email, iban, creditCard, ipAddress, usSsn, phone]

const nothingExpected: Expected = new Set()

/** The most confident of what overlaps stands; of equals the first that was found. In order of start. */
const withoutOverlaps = (findings: readonly Finding[]): Finding[] => {
  const standing: Finding[] = []
  for (const finding of findings.toSorted((a, b) => a.start - b.start)) {
    const last = standing.at(-1)
    if (last === undefined || last.end <= finding.start) standing.push(finding)
    else if (finding.confidence > last.confidence) standing[standing.length - 1] = finding
  }
  return standing
}

const findIn = ({ text, facts }: NormalForm, expected: Expected, own: readonly Detector[] = []): Finding[] => {
  const findings = [...detectors, ...own].flatMap(detector =>
    detector.applies(facts) ? detector.find(text, expected) : [],
  )
  return findings.length > 1 ? withoutOverlaps(findings) : findings
}

/** Findings without overlaps, as spans of the text as it came. What was decoded is found where its encoded form is. */
export const findAll = (raw: string, expected = nothingExpected): Finding[] => {
  const normal = toNormalForm(raw)
  return findIn(normal, expected).map(finding => ({ ...finding, ...normal.toOriginal(finding) }))
}

/** What leaves of a finding. */
export type Found = Pick<Finding, 'type' | 'confidence'>

/** Findings in texts that do not continue one another, without their places, by our detectors and by `own`. */
export const detectAll = (texts: readonly string[], own: readonly Detector[] = []): Found[] => {
  const apart = texts.map(text => (text.includes(border) ? text.replaceAll(border, '') : text))
  return findIn(toNormalForm(apart.join(border)), nothingExpected, own)
}

/** Counts findings by type: distinct places in the text, each of one type. Linear, never throws. */
export const detect = (text: string): Partial<Record<FindingType, number>> => {
  const counts: Partial<Record<FindingType, number>> = {}
  for (const { type } of detectAll([text])) counts[type] = (counts[type] ?? 0) + 1
  return counts
}
