import type { FindingType } from '../contracts/facts.ts'
import { creditCard } from './detectors/credit-card.ts'
import { cryptoWallet } from './detectors/crypto-wallet.ts'
import { dateOfBirth } from './detectors/date-of-birth.ts'
import { dateTime } from './detectors/date-time.ts'
import { border, type Detector, type Expected, type Finding, type Reading } from './detectors/detector.ts'
import { email } from './detectors/email.ts'
import { iban } from './detectors/iban.ts'
import { identifier } from './detectors/identifiers.ts'
import { ipAddress } from './detectors/ip-address.ts'
import { macAddress } from './detectors/mac-address.ts'
import { phone } from './detectors/phone.ts'
import { postalAddress } from './detectors/postal-address.ts'
import { url } from './detectors/url.ts'
import { usSsn } from './detectors/us-ssn.ts'
import { username } from './detectors/username.ts'
import { type NormalForm, toNormalForm } from './normal-form.ts'
import { personName } from './person-names/person-names.ts'
import { secrets } from './secrets/secrets.ts'
import { numbersIn } from './text-facts.ts'
import { withUnits } from './units.ts'

/** Where equally confident findings overlap, the first detector's stands: a card number is not also a phone number. */
export const detectors: readonly Detector[] = [
  secrets,
  email,
  iban,
  creditCard,
  ipAddress,
  macAddress,
  cryptoWallet,
  usSsn,
  identifier,
  phone,
  dateOfBirth,
  postalAddress,
  username,
  dateTime,
  url,
  personName,
]

const nothingExpected: Expected = new Set()

/** By how much surer a name must be than what has a form: a plate's letters can be initials. */
const formAdvantage = 0.3

/** Where these are uncertain, it is whether they are anybody's, and not what they are. */
const sureOfForm: ReadonlySet<FindingType> = new Set(['email', 'credit_card', 'ip_address'])

/** An expected type stands before others, then the most confident; of equals the first found. In order of start. */
const withoutOverlaps = (findings: readonly Finding[], expected: Expected): Finding[] => {
  const weight = ({ type, confidence }: Finding) => {
    const sure = sureOfForm.has(type) ? 1 : type === 'person_name' ? confidence - formAdvantage : confidence
    return (expected.has(type) ? 1 : 0) + sure
  }
  const standing: Finding[] = []
  for (const finding of findings.toSorted((a, b) => a.start - b.start)) {
    const last = standing.at(-1)
    if (last === undefined || last.end <= finding.start) standing.push(finding)
    else if (weight(finding) > weight(last)) standing[standing.length - 1] = finding
  }
  return standing
}

const findBy = (by: readonly Detector[], reading: Reading, expected: Expected): Finding[] => {
  const findings: Finding[] = []
  for (const detector of by)
    if (detector.applies(reading.facts)) for (const finding of detector.find(reading, expected)) findings.push(finding)
  return findings
}

const read = <T>({ text, facts }: NormalForm, use: (reading: Reading) => T): T =>
  withUnits(text, units => use({ text, units, facts, numbers: numbersIn(units, facts.numbers) }))

/** All findings of some detectors, in the order of the detectors. */
export const findWith = (by: readonly Detector[], normal: NormalForm, expected = nothingExpected): Finding[] =>
  read(normal, reading => findBy(by, reading, expected))

/** Ours without overlaps, and after them those by a customer's own detectors. */
const findIn = (normal: NormalForm, expected: Expected, own: readonly Detector[] = []): Finding[] =>
  read(normal, reading => {
    const findings = findBy(detectors, reading, expected)
    const standing = findings.length > 1 ? withoutOverlaps(findings, expected) : findings
    return own.length === 0 ? standing : standing.concat(findBy(own, reading, expected))
  })

/** Findings without overlaps, as spans of the text as it came. What was decoded is found where its encoded form is. */
export const findAll = (raw: string, expected = nothingExpected): Finding[] => {
  const normal = toNormalForm(raw)
  return findIn(normal, expected).map(finding => ({ ...finding, ...normal.toOriginal(finding) }))
}

/** What leaves of a finding. */
export type Found = Pick<Finding, 'type' | 'confidence'>

/** Texts that do not continue one another as one text, in which no finding spans two of them. */
export const joinTexts = (texts: readonly string[]): string =>
  texts.map(text => (text.includes(border) ? text.replaceAll(border, '') : text)).join(border)

export const normalFormOf = (texts: readonly string[]): NormalForm => toNormalForm(joinTexts(texts))

/** Findings in a normal form, without their places: ours, and beside them those by `own`. */
export const detectIn = (normal: NormalForm, own: readonly Detector[] = []): Found[] =>
  findIn(normal, nothingExpected, own)

/** Counts findings by type: distinct places in the text, each of one type. Linear, never throws. */
export const detect = (text: string): Partial<Record<FindingType, number>> => {
  const counts: Partial<Record<FindingType, number>> = {}
  for (const { type } of detectIn(normalFormOf([text]))) counts[type] = (counts[type] ?? 0) + 1
  return counts
}
