import { type Detector, type Finding, isWordCode, type Span } from './detector.ts'

/** RFC 5321 section 4.5.3.1: octets of a local part and of a domain. */
const maxLocal = 64
const maxDomain = 253

/** A name in any script: RFC 6531 allows UTF-8 on both sides. General punctuation ends it. */
const isForeignLetter = (code: number) =>
  code >= 0xc0 && !(code >= 0x2000 && code <= 0x206f) && !(code >= 0x3000 && code <= 0x303f)

// `!#$&*/=?^{|}` are legal in a local part too, but in prose and code they are delimiters.
const isLocal = (code: number) =>
  isWordCode(code) || isForeignLetter(code) || "%+-.'".includes(String.fromCharCode(code))
const isDomain = (code: number) => isWordCode(code) || isForeignLetter(code) || code === 45 || code === 46

/** Labels without empty ones, then a top level of letters or an IDNA label. Not `@4.17.21-rc.beta`, not `@2x.png`. */
const validDomain = /^(?!\d+\.\d|\d+x\.)(?:[^.]{1,63}\.){1,8}(?:xn--[a-z0-9-]{2,59}|[^.\d_-]{2,63})$/i

/** `scheme://user:secret@host` names an account of a machine; `//alice@host` still counts. */
const isUserinfo = (text: string, start: number) => {
  if (text[start - 1] !== ':') return false
  return /:\/\/[^\s/@:]{1,64}:$/.test(text.slice(Math.max(0, start - 80), start))
}

/** `deploy@web.example.net:~/app$ `, in which a shell asks for a command. */
const isPrompt = (text: string, end: number) => /^:[~/][\w./-]{0,64}[$#](?:\s|$)/.test(text.slice(end, end + 70))

const expand = (text: string, at: number): Span | undefined => {
  let start = at
  while (start > 0 && at - start < maxLocal && isLocal(text.charCodeAt(start - 1))) start--
  let end = at + 1
  while (end < text.length && end - at <= maxDomain && isDomain(text.charCodeAt(end))) end++
  while (end > at + 1 && '.-'.includes(text.charAt(end - 1))) end--
  while (start < at && ".'%-+".includes(text.charAt(start))) start++
  if (start === at || end - at < 5) return undefined
  return { start, end }
}

/**
 * Tops that no domain is registered under (RFC 6761). `example.com` is found as any other: it stands for one in
 * examples.
 */
const reservedTop = /\.(?:test|example|invalid|localhost)$/i
const confidence = { reserved: 0.6, registered: 1 } as const

/** E-mail addresses, found from each `@` outwards, so that the work per `@` is bounded. */
export const email: Detector = {
  types: ['email'],
  applies: facts => facts.at,
  find({ text }) {
    const findings: Finding[] = []
    for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
      const span = expand(text, at)
      if (span === undefined || isUserinfo(text, span.start) || isPrompt(text, span.end)) continue
      const domain = text.slice(at + 1, span.end)
      // `git@host:path` is how a repository is addressed, whoever it belongs to.
      if (!validDomain.test(domain) || text.slice(span.start, at) === 'git') continue
      const sure = reservedTop.test(domain) ? confidence.reserved : confidence.registered
      findings.push({ ...span, type: 'email', confidence: sure })
    }
    return findings
  },
}
