import { detectorOf, type Span } from './detector.ts'

/** IEEE 802, as printed: six pairs joined by `:` or `-`, or three groups of four joined by `.`. */
const pairs = /(?<![\w:-])[0-9a-f]{2}([:-])[0-9a-f]{2}(?:\1[0-9a-f]{2}){4}(?!\w|[:-][0-9a-f])/iy
const fours = /(?<![\w.])[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}(?!\w|\.[0-9a-f])/iy

/** Broadcast and the unset address name no machine. */
const isNobody = (address: string) => /^(?:f+|0+)$/i.test(address.replace(/[^0-9a-f]/gi, ''))

const colon = 58
const dash = 45
const dot = 46

/** The form whose first separator stands at `at`, judged by where the next ones are. */
const formAt = (text: string, at: number) => {
  const code = text.charCodeAt(at)
  if (code === colon || code === dash)
    return text.charCodeAt(at + 3) === code && text.charCodeAt(at + 6) === code ? pairs : undefined
  return code === dot && text.charCodeAt(at + 5) === dot ? fours : undefined
}

/** Hardware addresses of network interfaces, found from their first separator. */
export const macAddress = detectorOf(
  'mac_address',
  facts => facts.digits > 0 || facts.colon || facts.capitals,
  text => {
    const spans: Span[] = []
    for (let at = 2; at < text.length - 9; at++) {
      const form = formAt(text, at)
      if (form === undefined) continue
      form.lastIndex = form === pairs ? at - 2 : at - 4
      if (form.lastIndex < 0) continue
      const match = form.exec(text)
      if (match === null) continue
      if (!isNobody(match[0])) spans.push({ start: match.index, end: match.index + match[0].length })
      at = match.index + match[0].length
    }
    return spans
  },
)
