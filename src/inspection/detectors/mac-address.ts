import { detectorOf, isWordCode, type Span } from './detector.ts'

/** IEEE 802, as printed: six pairs joined by `:` or `-`, or three groups of four joined by `.`. */
const pairs = /(?<![\w:-])[0-9a-f]{2}([:-])[0-9a-f]{2}(?:\1[0-9a-f]{2}){4}(?!\w|[:-][0-9a-f])/iy
const fours = /(?<![\w.])[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}(?!\w|\.[0-9a-f])/iy

/** Broadcast, the unset address and the one of countless examples name no machine. */
const isNobody = (address: string) => /^(?:f+|0+|deadbeef[0-9a-f]{4})$/i.test(address.replace(/[^0-9a-f]/gi, ''))

/** A separator, how far its next one is, and the form that it makes. */
const separators: readonly (readonly [separator: string, step: number, form: RegExp])[] = [
  [':', 3, pairs],
  ['-', 3, pairs],
  ['.', 5, fours],
]

/** Hardware addresses of network interfaces, found from their first separator. */
export const macAddress = detectorOf(
  'mac_address',
  () => true,
  ({ text, units }) => {
    const spans: Span[] = []
    for (const [separator, step, form] of separators)
      for (let at = text.indexOf(separator, step - 1); at !== -1; at = text.indexOf(separator, at + 1)) {
        if (units[at + step] !== units[at] || !isWordCode(units[at - 1] ?? 0)) continue
        form.lastIndex = at - step + 1
        const match = form.exec(text)
        if (match !== null && !isNobody(match[0]))
          spans.push({ start: match.index, end: match.index + match[0].length })
      }
    return spans
  },
)
