import type { Detector, Finding } from './detector.ts'

/** RFC 3986: what a URL may hold, without what more often closes it in prose. */
const rest = /[^\s"'<>\\^`{|}\0]{0,2048}/y
const scheme = /(?<![a-z0-9+.-])(?:https?|ftp|wss?|file|ssh|git)$/i

/** Top levels that are hardly anything else after a dot; the others are names of files, methods and fields too. */
const plainTop = /^(?:com|org|net|edu|gov|mil|biz)$/
/** `co.il`, `com.br`: a second level under a country. */
const countryTop = /^(?:co|com|org|net|gov|edu|ac)\.[a-z]{2}$/
const host = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}$/i

const isHostCode = (code: number) =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 45 || code === 46

const endOf = (text: string, from: number) => {
  rest.lastIndex = from
  let end = from + (rest.exec(text)?.[0].length ?? 0)
  while (end > from && '.,;:!?)]*'.includes(text.charAt(end - 1))) end--
  return end
}

/** A URL from its `://` outwards. */
const fullAt = (text: string, at: number) => {
  const start = at - (scheme.exec(text.slice(Math.max(0, at - 6), at))?.[0].length ?? 0)
  const end = endOf(text, at + 3)
  return start < at && end > at + 3 ? { start, end } : undefined
}

/** A host without a scheme, from one of its dots outwards. */
const hostAt = (text: string, dot: number, expected: boolean) => {
  let start = dot
  while (start > 0 && dot - start < 64 && isHostCode(text.charCodeAt(start - 1))) start--
  let end = dot + 1
  while (end - dot < 253 && isHostCode(text.charCodeAt(end))) end++
  while (end > dot && '.-'.includes(text.charAt(end - 1))) end--
  const name = text.slice(start, end)
  if (!host.test(name) || /[\w@(]/.test(text.charAt(end)) || /[\w@/\\$]/.test(text.charAt(start - 1))) return undefined
  const labels = name.split('.')
  const known =
    (labels.length > 2 && /^www$/i.test(labels[0] ?? '')) ||
    plainTop.test(labels.at(-1) ?? '') ||
    (labels.length > 2 && countryTop.test(labels.slice(-2).join('.')))
  if (!known && !expected) return undefined
  return { start, end: '/:?#'.includes(text.charAt(end)) ? endOf(text, end) : end }
}

/** Web addresses: with a scheme, or a host under a top level that tells it from a file or a method. */
export const url: Detector = {
  types: ['url'],
  applies: () => true,
  find(text, expected) {
    const findings: Finding[] = []
    let last = 0
    const add = (span: { start: number; end: number } | undefined) => {
      if (span === undefined || span.start < last) return
      findings.push({ ...span, type: 'url', confidence: 0.75 })
      last = span.end
    }
    for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', Math.max(at + 3, last)))
      add(fullAt(text, at))
    const full = findings.splice(0)
    last = 0
    let next = 0
    for (let dot = text.indexOf('.'); dot !== -1; dot = text.indexOf('.', Math.max(dot + 1, last))) {
      while (next < full.length && (full[next]?.end ?? 0) <= dot) next++
      const around = full[next]
      if (around !== undefined && around.start <= dot) last = around.end
      else add(hostAt(text, dot, expected.has('url')))
    }
    return [...full, ...findings]
  },
}
