import { border, type Span, type TextFacts } from './detectors/detector.ts'
import { decodeBase64 } from './normal-form/base64.ts'
import { composeRule, foldRule, hasMarkedDigits, isComposed, unmarkRule } from './normal-form/characters.ts'
import { escapeRule, hasEscapes } from './normal-form/escapes.ts'
import { hasMixedScripts, lookalikeRule } from './normal-form/lookalikes.ts'
import { type Edit, type Rewrite, rewrite, rewriteNoting, spanBefore } from './normal-form/rewriting.ts'
import { readFacts } from './text-facts.ts'

/** A text as detectors read it, what is known of it, and the way back. */
export type NormalForm = {
  text: string
  facts: TextFacts
  /** Where a span of `text` lies in the text as it came. Its map is built when it is first asked for. */
  toOriginal(span: Span): Span
}

/** Escapes within escapes, and encodings within encodings, that are looked into. */
const escapeDepth = 3
const encodingDepth = 2

const rewriteAll = (raw: string, rawFacts: ReturnType<typeof readFacts>, apply: Rewrite) => {
  let text = raw
  let facts = rawFacts
  for (let depth = 0; ; depth++) {
    if (facts.foreign) {
      text = apply(text, foldRule)
      if (!isComposed(text)) text = apply(text, composeRule)
      if (hasMarkedDigits(text)) text = apply(text, unmarkRule)
      facts = readFacts(text)
    }
    if (depth === escapeDepth || !facts.escape || !hasEscapes(text)) break
    text = apply(text, escapeRule)
    facts = readFacts(text)
  }
  if (!facts.lookalike || !hasMixedScripts(text)) return { text, facts }
  text = apply(text, lookalikeRule)
  return { text, facts: readFacts(text) }
}

/** What decoded runs add to a text, each after a border, and where in the text each stands for its run. */
const appendDecoded = (text: string, depth: number) => {
  const appended: Edit[] = []
  let whole = text
  if (depth === encodingDepth) return { whole, appended }
  for (const { start, end, text: decoded } of decodeBase64(text)) {
    const from = whole.length
    whole += border + normalise(decoded, depth + 1).text
    appended.push({ from, to: whole.length, start, end })
  }
  return { whole, appended }
}

const mapBack = (raw: string, appended: readonly Edit[]) => {
  const steps: Edit[][] = []
  rewriteAll(raw, readFacts(raw), (text, rule) => {
    const edits: Edit[] = []
    steps.unshift(edits)
    return rewriteNoting(text, rule, edits)
  })
  return (span: Span) => steps.reduce(spanBefore, spanBefore(span, appended))
}

const normalise = (raw: string, depth: number): NormalForm => {
  const { text, facts } = rewriteAll(raw, readFacts(raw), rewrite)
  const { whole, appended } = appendDecoded(text, depth)
  let map: ((span: Span) => Span) | undefined
  return {
    text: whole,
    facts: appended.length > 0 ? readFacts(whole) : facts,
    toOriginal({ start, end }) {
      map ??= whole === raw ? span => span : mapBack(raw, appended)
      return map({ start, end })
    },
  }
}

/**
 * The form that detectors read: NFKC, ASCII digits without marks, ASCII dashes and spaces, nothing invisible, no
 * look-alike letters in Latin words, and the escapes of JSON, URLs and HTML decoded. Text in base64, in one line or
 * several, in UTF-8 or UTF-16, is decoded and appended after a border. NUL stays: it is the border between texts.
 * Linear.
 */
export const toNormalForm = (raw: string) => normalise(raw, 0)
