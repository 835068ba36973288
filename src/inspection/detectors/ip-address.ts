import { isIPv4, isIPv6 } from 'node:net'
import { detectorOf, hasContext, type Span } from './detector.ts'

const versionWords =
  /(?:\b(?:version|ver|release|build|section|chapter|clause|oid)s?[ .:="'(]*|[A-Za-z][/@^~]|[=~<>^]=? ?|\bv)$/i

/**
 * Loopback, unspecified, broadcast, netmasks and multicast name no machine of anyone. Four single digits are
 * mostly versions, sections or public resolvers. Private addresses count: inside an organisation they name a desk.
 */
const isNobody = (address: string) =>
  address.startsWith('127.') ||
  address.startsWith('0.') ||
  /^(?:22[4-9]|23\d|255)\./.test(address) ||
  address.length === 7

// The first digit is taken before what precedes it is looked at: most characters are no digit.
const v4Candidates = /\d(?<!(?:[\w.:]|\d-)\d)\d{0,2}(?:\.\d{1,3}){3}(?!\w|\.\d)/g
const v6Candidates = /(?<![\w:.])(?:[0-9a-f]{1,4}:|::)[0-9a-f:.]{0,42}/gi
const hasV6 = (text: string) => text.includes('::') || /:[0-9a-f]{1,4}:[0-9a-f]{1,4}:/i.test(text)

/** A zone (RFC 4007) and the length of a prefix (RFC 4632) belong to what they follow. */
const suffix = /^(?:%[\w.-]{1,32})?(?:\/\d{1,3}(?![\w/]))?/

const withSuffix = (text: string, start: number, end: number): Span => ({
  start,
  end: end + (suffix.exec(text.slice(end, end + 40))?.[0].length ?? 0),
})

const findV4 = (text: string, spans: Span[], expected: boolean) => {
  for (const match of text.matchAll(v4Candidates)) {
    const start = match.index
    if (!isIPv4(match[0]) || (isNobody(match[0]) && !expected)) continue
    if (
      !expected &&
      hasContext(text, start, versionWords) &&
      !/(?:ip|host|addr\w*|\/\/)\W{0,3}$/i.test(text.slice(Math.max(0, start - 12), start))
    )
      continue
    spans.push(withSuffix(text, start, start + match[0].length))
  }
}

/**
 * `a::b`, `x[10::2]` and `Foo::bar` are valid or near-valid IPv6, and code is full of them. Real addresses start with
 * a full hextet (2000::/3, fc00::/7, fe80::/10, ff00::/8), map an IPv4 address or write all eight out.
 */
const looksAssigned = (address: string) =>
  (/^[0-9a-f]{4}:/i.test(address) && /\d/.test(address)) ||
  /^(?:::|64:ff9b:).*\d\.\d/i.test(address) ||
  !address.includes('::')

const findV6 = (text: string, spans: Span[], expected: boolean) => {
  for (const match of text.matchAll(v6Candidates)) {
    const address = match[0].replace(/(?:\.|(?<!:):)$/, '')
    const end = match.index + address.length
    if (/^[\w]/.test(text.charAt(end)) || !isIPv6(address)) continue
    if (expected || looksAssigned(address)) spans.push(withSuffix(text, match.index, end))
  }
}

/** IPv4 and IPv6 addresses that can belong to a person's or an organisation's machine. */
export const ipAddress = detectorOf(
  'ip_address',
  facts => facts.digits >= 3 || facts.colon,
  (text, expected) => {
    const spans: Span[] = []
    if (hasV6(text)) findV6(text, spans, expected)
    findV4(text, spans, expected)
    return spans
  },
)
