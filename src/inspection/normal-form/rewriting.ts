import type { Span } from '../detectors/detector.ts'

type Replacement = (match: string, offset: number) => string

/** One kind of replacement: where in a text something is to be replaced, and by what. */
export type Rule = {
  replaceAll: (text: string, by: Replacement) => string
  replace: (match: string) => string
}

/** For rules that a global pattern without groups tells the places of. */
export const matching =
  (pattern: RegExp): Rule['replaceAll'] =>
  (text, by) =>
    text.replace(pattern, by)

export type Rewrite = (text: string, rule: Rule) => string

/** `from` to `to` of a rewritten text stands for `start` to `end` of the text before. */
export type Edit = Span & { from: number; to: number }

export const rewrite: Rewrite = (text, { replaceAll, replace }) => replaceAll(text, match => replace(match))

/** Rewrites as `rewrite` does, and notes each change of length in `edits`, in order. */
export const rewriteNoting = (text: string, { replaceAll, replace }: Rule, edits: Edit[]) => {
  let shift = 0
  return replaceAll(text, (match, offset) => {
    const replacement = replace(match)
    const from = offset + shift
    if (replacement.length !== match.length) {
      edits.push({ from, to: from + replacement.length, start: offset, end: offset + match.length })
      shift += replacement.length - match.length
    }
    return replacement
  })
}

/** The last edit that begins at or before an offset. Edits are in order, so a binary search finds it. */
const lastEditBefore = (edits: readonly Edit[], offset: number) => {
  let low = 0
  let high = edits.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((edits[middle]?.from ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return edits[low - 1]
}

/**
 * Where a span of the rewritten text lay before. What was rewritten as one is one; what was removed beside it stays
 * out.
 */
export const spanBefore = ({ start, end }: Span, edits: readonly Edit[]): Span => {
  const first = lastEditBefore(edits, start)
  const last = lastEditBefore(edits, end - 1)
  return {
    start: first === undefined ? start : start < first.to ? first.start : start - first.to + first.end,
    end: last === undefined ? end : end <= last.to ? last.end : end - last.to + last.end,
  }
}
