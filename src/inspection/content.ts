import type { PersonalDataCounts, Sizes, UninspectableKind } from '../contracts/facts.ts'
import { detectAll } from './detect.ts'

/** What is known of a call's content after it was looked into: counts and closed words only. */
export type Content = { sizes: Sizes; personalData: PersonalDataCounts; uninspectable: UninspectableKind[] }

/** A finding across the border of two parts lies within this many characters of it on either side. */
const seamLength = 128

/** A part's ends; what lies between cannot take part in a finding across borders. */
const ends = (text: string) =>
  text.length > 2 * seamLength ? [text.slice(0, seamLength), text.slice(-seamLength)] : [text]

/**
 * Findings that only appear when the parts of one message are read as one text, as the model reads them.
 * Compared with the same ends read apart, so that what a part holds by itself is not counted twice.
 */
const detectAcross = (groups: readonly (readonly string[])[]): PersonalDataCounts => {
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
  const separate = detectAll(apart)
  const counts: PersonalDataCounts = {}
  for (const [type, count] of countEntries(detectAll(together))) {
    const extra = count - (separate[type] ?? 0)
    if (extra > 0) counts[type] = extra
  }
  return counts
}

const countEntries = (counts: PersonalDataCounts) => Object.entries(counts) as [keyof PersonalDataCounts, number][]

/** Gathers a call's texts and what could not be looked into. One for each call; it keeps the texts until `finish`. */
export const createCollector = () => {
  const texts: string[] = []
  const groups: string[][] = []
  const uninspectable = new Set<UninspectableKind>()
  const sizes: Sizes = { messages: 0, characters: 0, estimated_tokens: 0, tools: 0, images: 0, audio: 0, files: 0 }

  return {
    sizes,
    /** A text that continues no other. `counted` is false for words of the protocol, which are scanned but no content. */
    addText(text: string, counted = true) {
      if (counted) sizes.characters += text.length
      texts.push(text)
    },
    /** Texts that were added already, and that the model reads as one. */
    addGroup(parts: string[]) {
      if (parts.length > 1) groups.push(parts)
    },
    addUninspectable(kind: UninspectableKind, count = 0) {
      uninspectable.add(kind)
      if (kind === 'image') sizes.images += count
      else if (kind === 'audio') sizes.audio += count
      else if (kind === 'file' || kind === 'video') sizes.files += count
    },
    finish(): Content {
      sizes.estimated_tokens = Math.ceil(sizes.characters / 4)
      const personalData = detectAll(texts)
      if (groups.length > 0) {
        for (const [type, count] of countEntries(detectAcross(groups)))
          personalData[type] = (personalData[type] ?? 0) + count
      }
      return { sizes, personalData, uninspectable: [...uninspectable].sort() }
    },
  }
}
export type Collector = ReturnType<typeof createCollector>
