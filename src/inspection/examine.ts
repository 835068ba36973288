import type { CustomDetector } from '../contracts/custom-detector.ts'
import type { FindingType, InjectionSignal, PersonalDataType, SecretType, Speaker } from '../contracts/facts.ts'
import type { Content, Gathered } from './content.ts'
import { customDetectors } from './custom-detectors.ts'
import { detectAll, type Found } from './detect.ts'
import { border } from './detectors/detector.ts'
import { scoreInjection } from './injection/injection.ts'

/** Findings of a lower confidence than this are noted as uncertain. */
const certain = 0.75

/** A finding across the border of two parts lies within this many characters of it on either side. */
const seamLength = 128

/** Looks for everything in a call's texts. Linear, never throws. */
export const examine = (gathered: Gathered, custom: readonly CustomDetector[]): Content => {
  const { texts, groups, sizes, uninspectable, uninspectedCharacters } = gathered
  const own = customDetectors(custom)
  const content: Content = {
    sizes,
    uninspectable,
    uninspectedCharacters,
    types: {},
    uncertain: {},
    secrets: {},
    custom: {},
    injection: { score: 0, speaker: null },
  }
  const found = detectAll([...texts.user, ...texts.tool, ...texts.developer], own)
  for (const finding of found) count(content, finding)
  for (const finding of foundAcross(groups, own)) count(content, finding)
  content.injection = strongest(texts)
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
  const separate = detectAll(apart, own)
  return detectAll(together, own).filter(({ type }) => {
    const index = separate.findIndex(finding => finding.type === type)
    if (index === -1) return true
    separate.splice(index, 1)
    return false
  })
}

/** Orders in what a tool brought back are nobody's to give, so the same words weigh more there. */
const toolFactor = 2

const speakersWithoutAuthority = ['tool', 'user'] as const satisfies readonly Speaker[]

const strongest = (texts: Gathered['texts']): InjectionSignal => {
  let signal: InjectionSignal = { score: 0, speaker: null }
  for (const speaker of speakersWithoutAuthority) {
    if (texts[speaker].length === 0) continue
    const plain = scoreInjection(texts[speaker].join(border))
    // Bayes' rule with odds that are `toolFactor` times as high beforehand.
    const score = speaker === 'tool' ? (toolFactor * plain) / (1 + (toolFactor - 1) * plain) : plain
    const rounded = Math.round(score * 100) / 100
    if (rounded > signal.score) signal = { score: rounded, speaker }
  }
  return signal
}
