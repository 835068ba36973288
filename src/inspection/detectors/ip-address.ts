import { isIPv4, isIPv6 } from 'node:net'
import { unitBefore } from '../units.ts'
import {
  type Detector,
  endOfDigits,
  type Finding,
  hasContext,
  isDigit,
  isWordCode,
  type Reading,
  type Span,
} from './detector.ts'

const fullStop = 46
const colon = 58
const hyphen = 45

const versionWords =
  /(?:\b(?:version|ver|release|build|section|chapter|clause|oid)s?[ .:="'(]*|[A-Za-z][/@^~]|[=~<>^]=? ?|\bv)$/i

/**
 * Loopback, unspecified, broadcast, netmasks and multicast name no machine of anyone. Four single digits are
 * mostly versions, sections or public resolvers.
 */
const isNobody = (address: string) =>
  address.startsWith('127.') ||
  address.startsWith('0.') ||
  /^(?:22[4-9]|23\d|255)\./.test(address) ||
  address.length === 7

const v4Form = /\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)/y
const v6Candidates = /(?<![\w:.])(?:[0-9a-f]{1,4}:|::)[0-9a-f:.]{0,42}/gi
/** Between two colons of an address there are four hexadecimal digits at most. */
const longestHextet = 4
const hasV6 = (text: string) => {
  let before = Number.NEGATIVE_INFINITY
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) {
    if (at - before <= longestHextet + 1) return true
    before = at
  }
  return false
}

/** A zone (RFC 4007) and the length of a prefix (RFC 4632) belong to what they follow. */
const suffix = /^(?:%[\w.-]{1,32})?(?:\/\d{1,3}(?![\w/]))?/

const withSuffix = (text: string, start: number, end: number): Span => ({
  start,
  end: end + (suffix.exec(text.slice(end, end + 40))?.[0].length ?? 0),
})

/**
 * What the registries of special-purpose addresses set apart (RFC 6890): of a private network, shared by carriers,
 * link-local, for documentation and for benchmarks. Outside its own network such an address is of nobody; inside it may
 * name a desk, so it is found, and uncertain. IPv6 is compared by how it is written.
 */
const reserved = [
  /^10\.|^192\.168\.|^172\.(?:1[6-9]|2\d|3[01])\./,
  /^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|^169\.254\./,
  /^192\.0\.[02]\.|^198\.51\.100\.|^203\.0\.113\.|^198\.1[89]\./,
  /^f[cd][0-9a-f]{2}:|^fe[89ab][0-9a-f]:|^2001:0?db8:|^3fff:|^::/i,
]
const confidence = { reserved: 0.6, assigned: 1 } as const
const toFinding = (address: string, span: Span): Finding => ({
  ...span,
  type: 'ip_address',
  confidence: reserved.some(range => range.test(address)) ? confidence.reserved : confidence.assigned,
})

/** A part of a word, of a longer number, of a time or a range. */
const isInside = (units: Reading['units'], start: number) => {
  const before = unitBefore(units, start)
  if (isWordCode(before) || before === fullStop || before === colon) return true
  return before === hyphen && isDigit(unitBefore(units, start - 1))
}

const v4At = ({ text, units }: Reading, start: number) => {
  if (units[endOfDigits(units, start)] !== fullStop || isInside(units, start)) return undefined
  v4Form.lastIndex = start
  return v4Form.exec(text)?.[0]
}

const findV4 = (reading: Reading, findings: Finding[], expected: boolean) => {
  const { text, numbers } = reading
  for (const start of numbers) {
    const address = v4At(reading, start)
    if (address === undefined || !isIPv4(address) || (isNobody(address) && !expected)) continue
    if (
      !expected &&
      hasContext(text, start, versionWords) &&
      !/(?:ip|host|addr\w*|\/\/)[^\w\0]{0,3}$/i.test(text.slice(Math.max(0, start - 12), start))
    )
      continue
    findings.push(toFinding(address, withSuffix(text, start, start + address.length)))
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

const findV6 = (text: string, findings: Finding[], expected: boolean) => {
  for (const match of text.matchAll(v6Candidates)) {
    const address = match[0].replace(/(?:\.|(?<!:):)$/, '')
    const end = match.index + address.length
    if (/^[\w]/.test(text.charAt(end)) || !isIPv6(address)) continue
    if (expected || looksAssigned(address)) findings.push(toFinding(address, withSuffix(text, match.index, end)))
  }
}

/** IPv4 and IPv6 addresses that can belong to a person's or an organisation's machine. */
export const ipAddress: Detector = {
  types: ['ip_address'],
  applies: facts => facts.digits >= 3 || facts.colon,
  find(reading, types) {
    const { text } = reading
    const expected = types.has('ip_address')
    const findings: Finding[] = []
    if (hasV6(text)) findV6(text, findings, expected)
    findV4(reading, findings, expected)
    return findings
  },
}
