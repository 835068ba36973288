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
  for (const finding of foundAcross(groups, own)) count(content, finding)
  return content
}

const increment = <Key extends string>(counts: Partial<Record<Key, number>>, key: Key) => {
  counts[key] = (counts[key] ?? 0) + 1
}

const isSecret = (type: FindingType): type is SecretType => type.startsWith('secret_')

const count = (content: Content, { type, confidence }: Found): void => {
  if (type.startsWith('custom:')) increment(content.custom, type.slice('custom:'.length))
  else if (isSecret(type)) increment(content.secrets, type)
  else {
    increment(content.types, type as PersonalDataType)
    if (confidence < certain) increment(content.uncertain, type as PersonalDataType)
  }
}

/** A part's ends; what lies between cannot take part in a finding across borders. */
const ends = (text: string) =>
  text.length > 2 * seamLength ? [text.slice(0, seamLength), text.slice(-seamLength)] : [text]

/**
 * Findings that only appear when the parts of one message are read as one text, as the model reads them.
 * Compared with the same ends read apart, so that what a part holds by itself is not counted twice.
 */
const foundAcross = (groups: Gathered['groups'], own: ReturnType<typeof customDetectors>): Found[] => {
  if (groups.length === 0) return []
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
  const separate: Partial<Record<FindingType, number>> = {}
  for (const { type } of detectIn(normalFormOf(apart), own)) increment(separate, type)
  return detectIn(normalFormOf(together), own).filter(({ type }) => {
    const left = separate[type] ?? 0
    separate[type] = left - 1
    return left <= 0
  })
}

/** Orders in what a tool brought back are nobody's to give, so the same words weigh more there. */
const odds: Record<Speaker, number> = { developer: 0, user: 1, tool: 2 }

/** By Bayes' rule, with odds that are the speaker's times as high beforehand; in hundredths. */
const injectionScore = (text: string, speaker: Speaker): number => {
  if (odds[speaker] === 0) return 0
  const score = scoreInjection(text)
  return Math.round((100 * odds[speaker] * score) / (1 + (odds[speaker] - 1) * score)) / 100
}
