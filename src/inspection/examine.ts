import type { CustomDetector } from '../contracts/custom-detector.ts'
import { type FindingType, type PersonalDataType, type SecretType, type Speaker, speakers } from '../contracts/facts.ts'
import { type Content, type Gathered, type Passage, seamLength } from './content.ts'
import { customDetectors } from './custom-detectors.ts'
import { detectIn, type Found, joinTexts, normalFormOf } from './detect.ts'
import type { Detector } from './detectors/detector.ts'
import { scoreInjection } from './injection/injection.ts'
import { toNormalForm } from './normal-form.ts'

/** Findings of a lower confidence than this are noted as uncertain. */
const certain = 0.75

/** How often a type was found, surely and unsurely. */
type Tally = { sure: number; unsure: number }
export type Tallies = ReadonlyMap<FindingType, Tally>

/** What was found in a passage. `injection`: how likely it holds orders to the model, 0 to 1. */
export type Findings = { tallies: Tallies; injection: number }

/** A passage as it is looked into. */
export type Excerpt = { text: string; speaker: Speaker }

/** What is to be looked into, and what was found: in each excerpt, and across the borders of parts. */
export type Task = { excerpts: readonly Excerpt[]; groups: Gathered['groups']; custom: readonly CustomDetector[] }
export type Result = { findings: Findings[]; across: Tallies }

/** Looks for everything. Linear, never throws. */
export const lookInto = ({ excerpts, groups, custom }: Task): Result => {
  const own = customDetectors(custom)
  return { findings: excerpts.map(excerpt => examineOne(excerpt, own)), across: tallyAcross(groups, own) }
}

const nothing: Tallies = new Map()

/** Orders in what a tool brought back are nobody's to give, so the same words weigh more there. */
const odds: Record<Speaker, number> = { developer: 0, user: 1, tool: 2 }

const examineOne = ({ text, speaker }: Excerpt, own: readonly Detector[]): Findings => {
  const normal = toNormalForm(text)
  return { tallies: tallyOf(detectIn(normal, own)), injection: odds[speaker] === 0 ? 0 : scoreInjection(normal.text) }
}

const tallyOf = (found: readonly Found[]): Tallies => {
  if (found.length === 0) return nothing
  const tallies = new Map<FindingType, Tally>()
  for (const { type, confidence } of found) {
    const tally = tallies.get(type) ?? { sure: 0, unsure: 0 }
    tallies.set(type, tally)
    tally[confidence < certain ? 'unsure' : 'sure']++
  }
  return tallies
}

/** A part's ends; what lies between cannot take part in a finding across borders. */
const ends = (text: string) =>
  text.length > 2 * seamLength ? [text.slice(0, seamLength), text.slice(-seamLength)] : [text]

/**
 * What only appears when the parts of one message are read as one text, as the model reads them. Compared with the same
 * ends read apart, so that what a part holds by itself is not counted twice: there may be less of something than apart.
 */
const tallyAcross = (groups: Gathered['groups'], own: readonly Detector[]): Tallies => {
  if (groups.length === 0) return nothing
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
  const tallyIn = (texts: readonly string[]) => tallyOf(detectIn(normalFormOf(texts), own))
  const before = tallyIn(apart)
  const differences = [...tallyIn(together)].map(([type, after]) => {
    const { sure, unsure } = before.get(type) ?? { sure: 0, unsure: 0 }
    return [type, { sure: after.sure - sure, unsure: after.unsure - unsure }] as const
  })
  return new Map(differences)
}

const excerptOf = ({ speaker, texts }: Passage): Excerpt => ({ speaker, text: joinTexts(texts) })
export const excerptsOf = ({ passages }: Gathered): Excerpt[] => passages.map(excerptOf)

/** A call's content: what stands beside its texts, and what was found in each of its passages and across them. */
export const contentOf = (gathered: Gathered, findings: readonly Findings[], across: Tallies): Content => {
  const { passages, sizes, toolNames, uninspectable, uninspectedCharacters } = gathered
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
  const strongest: Record<Speaker, number> = { developer: 0, user: 0, tool: 0 }
  for (const [at, { speaker }] of passages.entries()) {
    const found = findings[at]
    if (found === undefined) continue
    for (const [type, tally] of found.tallies) count(content, type, tally)
    strongest[speaker] = Math.max(strongest[speaker], found.injection)
  }
  for (const speaker of speakers) {
    const score = injectionScore(strongest[speaker], speaker)
    if (score > content.injection.score) content.injection = { score, speaker }
  }
  for (const [type, difference] of across) countMore(content, type, difference)
  return content
}

/** Looks for everything in a call. Linear, never throws. */
export const examine = (gathered: Gathered, custom: readonly CustomDetector[]): Content => {
  const { findings, across } = lookInto({ excerpts: excerptsOf(gathered), groups: gathered.groups, custom })
  return contentOf(gathered, findings, across)
}

const increment = <Key extends string>(counts: Partial<Record<Key, number>>, key: Key, by: number) => {
  counts[key] = (counts[key] ?? 0) + by
}

const isSecret = (type: FindingType): type is SecretType => type.startsWith('secret_')

const count = (content: Content, type: FindingType, { sure, unsure }: Tally): void => {
  if (sure + unsure === 0) return
  if (type.startsWith('custom:')) increment(content.custom, type.slice('custom:'.length), sure + unsure)
  else if (isSecret(type)) increment(content.secrets, type, sure + unsure)
  else {
    increment(content.types, type as PersonalDataType, sure + unsure)
    if (unsure > 0) increment(content.uncertain, type as PersonalDataType, unsure)
  }
}

/** A neighbour may make sure of what a part holds by itself (`Aadhaar: ` and a number), or leave it in doubt. */
const countMore = (content: Content, type: FindingType, { sure, unsure }: Tally) => {
  const doubted = content.uncertain[type as PersonalDataType] ?? 0
  const confirmed = Math.min(Math.max(0, sure), Math.max(0, -unsure), doubted)
  count(content, type, { sure: Math.max(0, sure) - confirmed, unsure: Math.max(0, unsure + Math.min(0, sure)) })
  if (confirmed > 0) increment(content.uncertain, type as PersonalDataType, -confirmed)
  if (content.uncertain[type as PersonalDataType] === 0) delete content.uncertain[type as PersonalDataType]
}

/** By Bayes' rule, with odds that are the speaker's times as high beforehand; in hundredths. */
const injectionScore = (score: number, speaker: Speaker): number =>
  Math.round((100 * odds[speaker] * score) / (1 + (odds[speaker] - 1) * score)) / 100
