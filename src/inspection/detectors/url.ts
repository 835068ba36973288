import type { Detector, Finding, Span } from './detector.ts'

/** RFC 3986: what a URL may hold, without what more often closes it in prose. */
const rest = /[^\s"'<>\\^`{|}\0]{0,2048}/y
const scheme = /(?<![a-z0-9+.-])(?:https?|ftp|wss?|file|ssh|git)$/i
const longestScheme = 6

/** Top levels that are hardly anything else after a dot; the others are names of files, methods and fields too. */
const plainTop = /\.(?:com|org|net|edu|gov|mil|biz)$/
/** Tops that are as often a method or a file: for whoever expects a URL. ISO 3166 and ICANN's larger generic ones. */
const anyTop =
  /\.(?:[a-z]{2}|info|app|dev|site|online|xyz|shop|store|tech|cloud|blog|name|pro|club|live|news|page|work)$/i
/** `co.il`, `com.br`: a second level under a country. */
const countryTop = /\.(?:co|com|org|net|gov|edu|ac)\.[a-z]{2}$/
const host = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}$/i
const longestHost = 253

const isHostCode = (code: number) =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 45 || code === 46

const endOfUrl = (text: string, from: number) => {
  rest.lastIndex = from
  let end = from + (rest.exec(text)?.[0].length ?? 0)
  while (end > from && '.,;:!?)]*'.includes(text.charAt(end - 1))) end--
  return end
}

/** URLs from their `://` outwards. */
const findUrls = (text: string) => {
  const spans: Span[] = []
  for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', Math.max(at + 3, spans.at(-1)?.end ?? 0))) {
    const name = scheme.exec(text.slice(Math.max(0, at - longestScheme), at))
    const end = name === null ? at : endOfUrl(text, at + 3)
    if (name !== null && end > at + 3) spans.push({ start: at - name[0].length, end })
  }
  return spans
}

/** The characters of a host around its first dot. */
const hostAround = (text: string, dot: number, floor: number): Span => {
  let start = dot
  while (start > floor && dot - start < 64 && isHostCode(text.charCodeAt(start - 1))) start--
  let end = dot + 1
  while (end - dot < longestHost && isHostCode(text.charCodeAt(end))) end++
  return { start, end }
}

const isKnown = (name: string) => plainTop.test(name) || countryTop.test(name) || /^www\..+\./i.test(name)

/** Hosts without a scheme. Not those of e-mail addresses, paths, packages and calls of methods. */
const findHosts = (text: string, urls: readonly Span[], expected: boolean) => {
  const spans: Span[] = []
  let floor = 0
  let next = 0
  for (let dot = text.indexOf('.'); dot !== -1; dot = text.indexOf('.', Math.max(dot + 1, floor))) {
    // The full stop of a sentence.
    if (!isHostCode(text.charCodeAt(dot + 1))) continue
    while (next < urls.length && (urls[next]?.end ?? 0) <= dot) next++
    const url = urls[next]
    const around = url !== undefined && url.start <= dot ? url : hostAround(text, dot, floor)
    floor = around.end
    if (around === url) continue
    const name = text.slice(around.start, around.end).replace(/[.-]{1,9}$/, '')
    const end = around.start + name.length
    if (!(isKnown(name) || (expected && anyTop.test(name))) || !host.test(name)) continue
    if (/[\w@(]/.test(text.charAt(end)) || /[\w@/\\$]/.test(text.charAt(around.start - 1))) continue
    spans.push({ start: around.start, end: '/:?#'.includes(text.charAt(end) || ' ') ? endOfUrl(text, end) : end })
    floor = Math.max(floor, spans.at(-1)?.end ?? 0)
  }
  return spans
}

/** Web addresses: with a scheme, or a host under a top level that tells it from a file or a method. */
export const url: Detector = {
  types: ['url'],
  applies: () => true,
  find({ text }, expected): Finding[] {
    const urls = findUrls(text)
    return [...urls, ...findHosts(text, urls, expected.has('url'))].map(span => ({
      ...span,
      type: 'url',
      confidence: 0.75,
    }))
  },
}
