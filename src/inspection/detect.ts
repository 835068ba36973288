import type { PersonalDataCounts, PersonalDataType } from '../contracts/facts.ts'
import { border, type Detector, type Span } from './detectors/detector.ts'
import { email } from './detectors/email.ts'
import { iban } from './detectors/iban.ts'
import { ipAddress } from './detectors/ip-address.ts'
import { paymentCard } from './detectors/payment-card.ts'
import { phone } from './detectors/phone.ts'
import { usSsn } from './detectors/us-ssn.ts'
import { hasEscapes, toNormalForm } from './normal-form.ts'
import { readFacts } from './text-facts.ts'

/** Most certain first: where findings overlap, the first detector's stands (a card number is not also a phone number). */
const detectors: readonly Detector[] = [email, iban, paymentCard, ipAddress, usSsn, phone]

/** Spans of `found` that touch none of `taken`. Both are in order of start, and neither overlaps itself. */
const withoutOverlaps = (found: readonly Span[], taken: readonly Span[]) => {
  if (taken.length === 0) return found
  let next = 0
  return found.filter(span => {
    while (next < taken.length && (taken[next]?.end ?? 0) <= span.start) next++
    return (taken[next]?.start ?? Number.POSITIVE_INFINITY) >= span.end
  })
}

export type Finding = Span & { type: PersonalDataType }

/** Findings in the normal form of a text, without overlaps: for `detect`, and for measuring where findings stand. */
export const findPersonalData = (raw: string): Finding[] => {
  let text = raw
  let facts = readFacts(raw)
  if (facts.foreign || (facts.escape && hasEscapes(raw))) {
    text = toNormalForm(raw)
    facts = readFacts(text)
  }
  const findings: Finding[] = []
  for (const { type, applies, find } of detectors) {
    if (!applies(facts)) continue
    const found = withoutOverlaps(find(text), findings)
    if (found.length === 0) continue
    for (const { start, end } of found) findings.push({ type, start, end })
    findings.sort((a, b) => a.start - b.start)
  }
  return findings
}

/** Counts personal data by type in texts that do not continue one another. Nothing else of them leaves. */
export const detectAll = (texts: readonly string[]): PersonalDataCounts => {
  const counts: PersonalDataCounts = {}
  const apart = texts.map(text => (text.includes(border) ? text.replaceAll(border, '') : text))
  for (const { type } of findPersonalData(apart.join(border))) counts[type] = (counts[type] ?? 0) + 1
  return counts
}

/** Counts personal data by type: distinct places in the text, each of one type. Linear, never throws. */
export const detect = (text: string): PersonalDataCounts => detectAll([text])
