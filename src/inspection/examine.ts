import type { CustomDetector } from '../contracts/custom-detector.ts'
import { type FindingType, type PersonalDataType, type SecretType, type Speaker, speakers } from '../contracts/facts.ts'
import { type Content, type Gathered, seamLength } from './content.ts'
import { customDetectors } from './custom-detectors.ts'
import { detectIn, type Found, normalFormOf } from './detect.ts'
import { scoreInjection } from './injection/injection.ts'

/** Findings of a lower confidence than this are noted as uncertain. */
const certain = 0.75

/** Looks for everything in a call's texts. Linear, never throws. */
export const examine = (gathered: Gathered, custom: readonly CustomDetector[]): Content => {
  const { texts, groups, sizes, toolNames, uninspectable, uninspectedCharacters } = gathered
  const own = customDetectors(custom)
  const content: Content = {
    sizes,
    toolNames,
    uninspectable,
    uninspectedCharacters,
    types: {},
    uncertain: {},
    secrets: {},
    custom: {},
    injection: { score: 0, speaker: null },
  }
  for (const speaker of speakers) {
    if (texts[speaker].length === 0) continue
    const normal = normalFormOf(texts[speaker])
    for (const finding of detectIn(normal, own)) count(content, finding)
    const score = injectionScore(normal.text, speaker)
    if (score > content.injection.score) content.injection = { score, speaker }
  }
  if (groups.length > 0) countAcross(content, groups, own)
  return content
}

const increment = <Key extends string>(counts: Partial<Record<Key, number>>, key: Key, by: number) => {
  counts[key] = (counts[key] ?? 0) + by
}

const isSecret = (type: FindingType): type is SecretType => type.startsWith('secret_')

const count = (content: Content, { type, confidence }: Found, times = 1): void => {
  if (times === 0) return
  if (type.startsWith('custom:')) increment(content.custom, type.slice('custom:'.length), times)
  else if (isSecret(type)) increment(content.secrets, type, times)
  else {
    increment(content.types, type as PersonalDataType, times)
    if (confidence < certain) increment(content.uncertain, type as PersonalDataType, times)
  }
}

/** A part's ends; what lies between cannot take part in a finding across borders. */
const ends = (text: string) =>
  text.length > 2 * seamLength ? [text.slice(0, seamLength), text.slice(-seamLength)] : [text]

type Tally = { sure: number; unsure: number }

const tallyOf = (found: readonly Found[]) => {
  const tallies = new Map<FindingType, Tally>()
  for (const { type, confidence } of found) {
    const tally = tallies.get(type) ?? { sure: 0, unsure: 0 }
    tallies.set(type, tally)
    tally[confidence < certain ? 'unsure' : 'sure']++
  }
  return tallies
}

/**
 * Counts what only appears when the parts of one message are read as one text, as the model reads them.
 * Compared with the same ends read apart, so that what a part holds by itself is not counted twice.
 */
const countAcross = (content: Content, groups: Gathered['groups'], own: ReturnType<typeof customDetectors>) => {
  const apart = groups.flatMap(parts => parts.flatMap(ends))
  const together = groups.flatMap(parts => {
    const runs = ['']
    for (const part of parts) {
      const [head = '', tail] = ends(part)
      runs.push((runs.pop() ?? '') + head)
      if (tail !== undefined) runs.push(tail)
    }
    return runs
  })
  const before = tallyOf(detectIn(normalFormOf(apart), own))
  for (const [type, after] of tallyOf(detectIn(normalFormOf(together), own))) {
    const { sure, unsure } = before.get(type) ?? { sure: 0, unsure: 0 }
    countMore(content, type, { sure: after.sure - sure, unsure: after.unsure - unsure })
  }
}

/** A neighbour may make sure of what a part holds by itself (`Aadhaar: ` and a number), or leave it in doubt. */
const countMore = (content: Content, type: FindingType, { sure, unsure }: Tally) => {
  const doubted = content.uncertain[type as PersonalDataType] ?? 0
  const confirmed = Math.min(Math.max(0, sure), Math.max(0, -unsure), doubted)
  count(content, { type, confidence: 1 }, Math.max(0, sure) - confirmed)
  count(content, { type, confidence: 0 }, Math.max(0, unsure + Math.min(0, sure)))
  if (confirmed > 0) increment(content.uncertain, type as PersonalDataType, -confirmed)
  if (content.uncertain[type as PersonalDataType] === 0) delete content.uncertain[type as PersonalDataType]
}

/** Orders in what a tool brought back are nobody's to give, so the same words weigh more there. */
const odds: Record<Speaker, number> = { developer: 0, user: 1, tool: 2 }

/** By Bayes' rule, with odds that are the speaker's times as high beforehand; in hundredths. */
const injectionScore = (text: string, speaker: Speaker): number => {
  if (odds[speaker] === 0) return 0
  const score = scoreInjection(text)
  return Math.round((100 * odds[speaker] * score) / (1 + (odds[speaker] - 1) * score)) / 100
}
