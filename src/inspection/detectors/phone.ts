import { isIPv4 } from 'node:net'
import { type CountryCode, isValidPhoneNumber } from 'libphonenumber-js/max'
import { type Detector, differentDigits, type Finding, hasContext, isWordCode } from './detector.ts'
import { isMostOfItsText } from './identifiers/surroundings.ts'

/** A word that says what the figures after it are, on their line and with no other figures between. */
const phoneWords =
  /(?:\b(?:phone|telephone|tel\b|call|mobile|mob\b|cell|whatsapp|fax|sms|text (?:me|him|her|them)|dial|reach|ring|contact|hotline|telefon|teléfono|téléphone|número|celular|ph\b)|phone_?(?:number|no)?|[☎📞])[^\d\n]{0,24}\n?\W{0,6}$/iu

/** Regions whose national numbers start with the trunk prefix 0, the most spoken of first. */
const trunkRegions: readonly CountryCode[] = [
  'GB',
  'DE',
  'FR',
  'IT',
  'NL',
  'AU',
  'IN',
  'JP',
  'CH',
  'SE',
  'BE',
  'AT',
  'TR',
  'ZA',
  'PH',
  'IL',
]
/** Their numbers are of no fixed length, so that most digits would do. */
const openPlans: ReadonlySet<CountryCode> = new Set(['DE', 'AT', 'IT'])
const closedTrunkRegions = trunkRegions.filter(region => !openPlans.has(region))
const northAmerica: readonly CountryCode[] = ['US']
/** Regions whose national numbers have no trunk prefix: tried only beside a word that says what the number is. */
const plainRegions: readonly CountryCode[] = ['US', 'ES', 'PL', 'BR', 'MX', 'DK', 'NO', 'PT', 'CN', 'IN', 'SG', 'TR']

/**
 * A validation by the library costs about 20 µs, so a text full of candidates could hold up every other call.
 * Past this many, a new candidate counts on its form alone, and as uncertain: a flood hides none.
 */
const maxValidations = 128
const unvalidated = 0.5

type Candidate = { digits: string; groups: string[]; text: string; start: number; international: boolean }

const isDate = (text: string) =>
  /^(?:19|20)\d\d[-./ ]?(?:0[1-9]|1[0-2])[-./ ]?(?:0[1-9]|[12]\d|3[01])/.test(text) ||
  /^\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d\d/.test(text)

/** `0101 1100 0110`, `000 000 0000`: too few different digits to be anyone's. */
const isVaried = (digits: string) => differentDigits(digits) >= 3

/** 415-555-0132 and (415) 555-0132, with or without the 1. Area and exchange never start with 0 or 1. */
const isNorthAmerican = (text: string) =>
  /^(?:1[-. ])?(?:\([2-9]\d\d\)[-. ]{0,2}|[2-9]\d\d([-. ]))[2-9]\d\d(?:[-. ])\d{4}$/.test(text)

const northAmericanInside = /(?<![\d.-])(?:\([2-9]\d\d\) ?|[2-9]\d\d([-. ]))[2-9]\d\d[-. ]\d{4}(?!\w|[.-]\d)/

/** 467-3395: a number without its area, which only a word beside it makes one. */
const isLocal = (text: string) => /^[2-9]\d\d[- ]\d{4}$/.test(text)

/** 020 7946 0958, 0171/1234567, (0)30 123456: a trunk prefix and groups of two or more. */
const isTrunk = ({ digits, groups }: Candidate) =>
  /^0[1-9]/.test(digits) &&
  digits.length >= 9 &&
  digits.length <= 12 &&
  groups.length > 1 &&
  groups.slice(1).every(group => group.length > 1)

const isPlausible = ({ digits, text }: Candidate) =>
  isVaried(digits) && !isDate(text) && !/^\d\.\d+$/.test(text) && !isIPv4(text)

type Regions = readonly CountryCode[] | 'international'
/** 1 for a number of one of the regions, 0 for none, `unvalidated` where nobody looked. */
type Check = (number: string, regions: Regions) => number

/** Validates by the library while the budget lasts, the same number once. */
const budgetedCheck = (budget: number): Check => {
  let left = budget
  const known = new Map<Regions, Map<string, number>>()
  const isValid = (number: string, region?: CountryCode) => left-- > 0 && isValidPhoneNumber(number, region)
  return (number, regions) => {
    const results = known.get(regions) ?? new Map<string, number>()
    known.set(regions, results)
    const before = results.get(number)
    if (before !== undefined) return before
    const valid = regions === 'international' ? isValid(number) : regions.some(region => isValid(number, region))
    if (!valid && left < 0) return unvalidated
    results.set(number, valid ? 1 : 0)
    return valid ? 1 : 0
  }
}

/** How sure it is that a candidate is a number; `said` by a word beside it. */
const surenessByForm = (candidate: Candidate, said: boolean, check: Check, trunk = trunkRegions): number => {
  const { digits } = candidate
  if (candidate.international) return digits.length >= 8 && isVaried(digits) ? check(`+${digits}`, 'international') : 0
  if (!isPlausible(candidate)) return 0
  const abroad = digits.startsWith('00') ? check(`+${digits.slice(2)}`, 'international') : 0
  if (abroad > 0) return abroad
  if (isNorthAmerican(candidate.text)) return said || candidate.text.startsWith('(') ? 1 : check(digits, northAmerica)
  if (said && isLocal(candidate.text)) return 1
  if (isTrunk(candidate) || (said && /^0[1-9]/.test(digits))) return check(digits, trunk)
  return said ? check(digits, plainRegions) : 0
}

/** What may not come before a number: it would be a price, a decimal, a part of an identifier or of a path. */
const startsInside = (text: string, start: number) => {
  if (start === 0) return false
  if (isWordCode(text.charCodeAt(start - 1))) return true
  return (
    '.,$€£#%/-+)'.includes(text.charAt(start - 1)) && (text.charAt(start) !== '+' || text.charAt(start - 1) === '+')
  )
}

/** A letter, a unit or a further figure after it; `x123` and `ext 123` are extensions. */
const endsInside = (text: string, end: number) =>
  /^(?:(?!x\d|ext)\w|[%°€]|[-./:,=*+][\dA-Za-z])/.test(text.slice(end, end + 3))

const toCandidate = (text: string, start: number): Candidate => {
  const groups = text.match(/\d+/g) ?? []
  const international = /^\(?\+/.test(text)
  return { digits: groups.join(''), groups, text, start: text.startsWith('(+') ? start + 1 : start, international }
}

/** Fewer digits alone in a text are too often a date or a count. */
const minAlone = 10

/** 1 by its form or the word beside it, less where nothing but the asker or the lack of other text speaks for it. */
const surenessOf = (candidate: Candidate, text: string, expected: boolean, check: Check) => {
  const byForm = surenessByForm(candidate, hasContext(text, candidate.start, phoneWords), check)
  if (byForm > 0) return byForm
  const { start, digits } = candidate
  const length = candidate.text.length
  const alone =
    digits.length >= minAlone && !candidate.text.includes('/') && isMostOfItsText(text, start, start + length)
  if (!(expected || alone)) return 0
  // A trunk prefix makes it likelier than a chance check digit of some identifier does.
  const highest = expected || digits.startsWith('0') ? 0.75 : 0.6
  return Math.min(highest, surenessByForm(candidate, true, check, closedTrunkRegions))
}

/** Telephone numbers in international form, and in national forms where the form or a word beside it says so. */
export const phone: Detector = {
  types: ['phone'],
  applies: facts => facts.digitsTogether >= 7,
  find({ text }, expected) {
    const findings: Finding[] = []
    const check = budgetedCheck(maxValidations)
    const candidates = /\+?(?:\(\+?\d|\d)(?:[-. ()/]{0,3}\d){6,17}(?!\d)/g
    for (let match = candidates.exec(text); match !== null; match = candidates.exec(text)) {
      const [whole] = match
      const start = match.index
      const end = start + whole.length
      const inside = startsInside(text, start)
      if (!inside && !endsInside(text, end)) {
        const confidence = surenessOf(toCandidate(whole, start), text, expected.has('phone'), check)
        if (confidence > 0) {
          findings.push({ start, end, type: 'phone', confidence })
          continue
        }
      }
      // `2 415-555-0132` and `415-555-0132 415-555-0133`: figures beside a number must not hide it.
      const inner = northAmericanInside.exec(text.slice(start, end + 1))
      if (inner === null || (inside && inner.index === 0)) continue
      const confidence = check(inner[0], northAmerica)
      if (confidence === 0) continue
      candidates.lastIndex = start + inner.index + inner[0].length
      findings.push({ start: start + inner.index, end: candidates.lastIndex, type: 'phone', confidence })
    }
    return findings
  },
}
