import { hash, randomBytes } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { CustomDetector } from '../contracts/custom-detector.ts'
import type { Speaker } from '../contracts/facts.ts'
import type { Excerpt, Findings } from './examine.ts'

/** In characters: a shorter passage is not worth its place. */
const shortest = 256

/** Hardly any passage has findings of more than three types. One with many takes the place of several. */
const sizeOf = ({ tallies }: Findings) => Math.ceil((1 + tallies.size) / 4)

/** Of some excerpts those that are not known, and what was found in all of them once these were looked into. */
export type Recollection = { unknown: Excerpt[]; complete(found: readonly Findings[]): Findings[] }

/**
 * What was found in passages that were looked into lately, `entries` at most: a conversation comes whole with each of
 * its calls, and only what is new in it is looked into. No text is kept. Findings are known by a digest with a secret
 * of this process, so that a digest that got out could not be tested; and to their owner only, as the time that a call
 * takes would tell one what another has sent.
 */
export function createKnownPassages(entries: number) {
  const secret = randomBytes(32).toString('base64')
  const max = Math.max(1, entries)
  const known = new LRUCache<string, Findings>({ max, maxSize: max, sizeCalculation: sizeOf })
  /** Digests of lists of detectors, which may be long; a list belongs to one compiled policy. */
  const digests = new WeakMap<readonly CustomDetector[], string>()

  function digestOf(custom: readonly CustomDetector[]): string {
    const digest = digests.get(custom) ?? hash('sha256', JSON.stringify(custom))
    digests.set(custom, digest)
    return digest
  }

  return {
    /**
     * What is known of excerpts of a call by `owner`, a key's id, whose customer has these detectors beside ours. With
     * a speaker, only what that one says is known, or will be.
     */
    recall(
      excerpts: readonly Excerpt[],
      owner: string,
      custom: readonly CustomDetector[],
      only: Speaker | null = null,
    ): Recollection {
      // A digest is one of UTF-8, in which texts that are not well-formed could be mistaken for one another.
      const isKept = ({ text, speaker }: Excerpt) =>
        entries > 0 && text.length >= shortest && (only ?? speaker) === speaker && text.isWellFormed()
      if (!excerpts.some(isKept)) return { unknown: [...excerpts], complete: found => [...found] }
      const start = `${secret}\0${owner}\0${digestOf(custom)}\0`
      const keys = excerpts.map(excerpt =>
        isKept(excerpt) ? hash('sha256', `${start}${excerpt.speaker}\0${excerpt.text}`, 'binary') : null,
      )
      const findings = keys.map(key => (key === null ? undefined : known.get(key)))
      return {
        unknown: excerpts.filter((_, at) => findings[at] === undefined),
        complete(found) {
          const left = found.values()
          return findings.map((recalled, at) => {
            if (recalled !== undefined) return recalled
            const { value } = left.next()
            if (value === undefined) throw new Error('An excerpt was not looked into')
            const key = keys[at]
            if (typeof key === 'string') known.set(key, value)
            return value
          })
        },
      }
    },
  }
}
