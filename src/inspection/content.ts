import type {
  InjectionSignal,
  PersonalDataCounts,
  SecretCounts,
  Sizes,
  Speaker,
  UninspectableKind,
} from '../contracts/facts.ts'
import { holdsPayload } from './normal-form/base64.ts'
import { flatTools, toolNamesIn } from './tools.ts'

/** What is known of a call's content after it was looked into: counts and closed words only. */
export type Content = {
  sizes: Sizes
  toolNames: string[]
  types: PersonalDataCounts
  uncertain: PersonalDataCounts
  secrets: SecretCounts
  custom: Record<string, number>
  injection: InjectionSignal
  uninspectable: UninspectableKind[]
  uninspectedCharacters: number
}

/** Texts of one speaker that do not continue one another, and are looked into together. `length`: their characters. */
export type Passage = { speaker: Speaker; texts: string[]; length: number }

/** A call's texts and what stands beside them, before anything was looked for. Never leaves `src/inspection`. */
export type Gathered = {
  sizes: Sizes
  toolNames: string[]
  passages: Passage[]
  /** Texts among them that the model reads as one. */
  groups: string[][]
  uninspectable: UninspectableKind[]
  uninspectedCharacters: number
}

/** A finding across the border of two parts lies within this many characters of it on either side. */
export const seamLength = 128

/** What is read of a part again with its neighbours: both its ends, and a border. */
export const lengthAtSeams = (part: string) => Math.min(part.length, 2 * seamLength) + 1

/** A text of so many characters is a passage by itself. Shorter ones of a speaker are put together. */
const passageLength = 512
/** A passage ends with a list of the body only if it has so many: however many lists there are, passages stay few. */
const shortestPassage = 256

/** Gathers a call's texts and what could not be looked into, up to `limit` characters of text. One for each call. */
export const createCollector = (limit = Number.POSITIVE_INFINITY) => {
  const passages: Passage[] = []
  /** Of each speaker the passage that takes short texts. */
  const open = new Map<Speaker, Passage>()
  const groups: string[][] = []
  const uninspectable = new Set<UninspectableKind>()
  const sizes: Sizes = { messages: 0, characters: 0, estimated_tokens: 0, tools: 0, images: 0, audio: 0, files: 0 }
  let toolNames: string[] = []
  let left = limit
  let leftAtSeams = limit
  let uninspectedCharacters = 0

  const passageFor = (text: string, speaker: Speaker): Passage => {
    const isLong = text.length >= passageLength
    const begun = isLong ? undefined : open.get(speaker)
    if (begun !== undefined) return begun
    const passage: Passage = { speaker, texts: [], length: 0 }
    passages.push(passage)
    if (!isLong) open.set(speaker, passage)
    return passage
  }

  const endPassages = (shortest: number) => {
    for (const [speaker, { length }] of open) if (length >= shortest) open.delete(speaker)
  }

  return {
    sizes,
    /** A name that stands in the call in another case, which some providers do not tell apart. */
    nameInOtherCase: undefined as string | undefined,
    /** A text that continues no other. `counted` is false for words of the protocol: scanned, and no content. */
    addText(text: string, speaker: Speaker, counted = true) {
      if (counted) sizes.characters += text.length
      if (holdsPayload(text)) uninspectable.add('binary')
      const looked = text.length <= left ? text : text.slice(0, left)
      left -= looked.length
      if (looked.length > 0) {
        const passage = passageFor(looked, speaker)
        passage.texts.push(looked)
        passage.length += looked.length
      }
      if (looked.length === text.length) return
      uninspectedCharacters += text.length - looked.length
      uninspectable.add('long_text')
    },
    /**
     * Here an item of a list ends, as a message is: passages that are long enough do, too, and the next one leaves them
     * as they are.
     */
    endItem() {
      endPassages(passageLength)
    },
    /** Here a list of the body ends, as that of messages is: what comes next is the same however many items it has. */
    endList() {
      endPassages(shortestPassage)
    },
    /** Texts that were added already, and that the model reads as one. */
    addGroup(parts: string[]) {
      if (parts.length < 2) return
      const past = parts.findIndex(part => {
        leftAtSeams -= lengthAtSeams(part)
        return leftAtSeams < 0
      })
      if (past >= 0) uninspectable.add('long_text')
      groups.push(past >= 0 ? parts.slice(0, past) : parts)
    },
    addUninspectable(kind: UninspectableKind, count = 0) {
      uninspectable.add(kind)
      if (kind === 'image') sizes.images += count
      else if (kind === 'audio') sizes.audio += count
      else if (kind === 'file' || kind === 'video') sizes.files += count
    },
    addTools(tools: readonly unknown[]) {
      const all = flatTools(tools)
      sizes.tools += all.length
      toolNames = toolNamesIn(all)
    },
    finish(): Gathered {
      sizes.estimated_tokens = Math.ceil(sizes.characters / 4)
      const kinds = [...uninspectable].sort()
      return { sizes, toolNames, passages, groups, uninspectable: kinds, uninspectedCharacters }
    },
  }
}
export type Collector = ReturnType<typeof createCollector>
