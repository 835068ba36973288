import { detectorOf, hasContext, type Span } from './detector.ts'

const ssnWords = /\b(?:ssn|ss#|social security|soc(?:ial)? sec)\b/i

/** Area 000, 666 and 900 to 999, group 00 and serial 0000 are never issued. Source: SSA, POMS RM 10201.035. */
const isIssued = (area: string, group: string, serial: string) =>
  area !== '000' && area !== '666' && area < '900' && group !== '00' && serial !== '0000'

/** US social security numbers. Without both separators they are any nine digits, so a word of context is needed. */
export const usSsn = detectorOf(
  'us_ssn',
  facts => facts.digitsTogether >= 9,
  ({ text }, expected) => {
    const spans: Span[] = []
    const candidates = /(?<![\w.+-]|\d[ /:,])(\d{3})([-. ]?)(\d{2})([-. ]?)(\d{4})(?![\w-]|[ ./:,]\d)/g
    for (const match of text.matchAll(candidates)) {
      const [whole, area = '', first, group = '', second, serial = ''] = match
      if (!isIssued(area, group, serial)) continue
      if (first !== second && first !== '' && second !== '') continue
      const grouped = first !== '' && first === second
      if (!grouped && !expected && !hasContext(text, match.index, ssnWords)) continue
      spans.push({ start: match.index, end: match.index + whole.length })
    }
    return spans
  },
)
