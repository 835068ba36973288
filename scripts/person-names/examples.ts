import { readFileSync } from 'node:fs'

export type Example = { text: string; spans: { start: number; end: number }[] }
export type LabelledRow = Example & { id: string }

type Row = { id: string; text: string; spans: { type: string; start: number; end: number }[] }

/** Texts with the places of people's names, from lines of JSON. */
export const readExamples = (path: string): LabelledRow[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(line => line.trim() !== '')
    .map((line): Row => JSON.parse(line))
    .map(({ id, text, spans }) => ({
      id,
      text,
      spans: spans.filter(({ type }) => type === 'PERSON').map(({ start, end }) => withoutTitle(text, start, end)),
    }))

const title =
  /^(?:(?:president|prime minister|pm|princess?|king|queen|lord|lady|sir|dame|pope|senator|sen|gov|governor|mayor|judge|coach|captain|capt|chancellor|minister|mrs?|ms|miss|dr|doctor|prof|professor|rev|st|saint)(?: ?\.)? )+/i

/** What is marked, less the titles before the name. */
const withoutTitle = (text: string, start: number, end: number) => ({
  start: start + (title.exec(text.slice(start, end))?.[0].length ?? 0),
  end,
})

/** Spaces that tokenising put in: before a closing sign, after an opening one, around apostrophes. */
const putInSpace =
  / (?=[.,!?:;%)\]}…]|n't\b|['’](?:s|re|ve|ll|d|m)\b)|(?<=[([{$#]) | (?=['’´] (?:s|re|ve|ll|d|m|t)\b)|(?<= ['’´]) (?=(?:s|re|ve|ll|d|m|t)\b)/g

/** The text as it was before it was tokenised, as far as that can be told. */
export const detokenise = ({ text, spans }: Example): Example => {
  const shift = new Int32Array(text.length + 1)
  let written = ''
  let at = 0
  for (const { index } of text.matchAll(putInSpace)) {
    written += text.slice(at, index)
    at = index + 1
    shift[at] = 1
  }
  written += text.slice(at)
  for (let i = 1; i < shift.length; i++) shift[i] = (shift[i] ?? 0) + (shift[i - 1] ?? 0)
  const moved = (offset: number) => offset - (shift[offset] ?? 0)
  return { text: written, spans: spans.map(({ start, end }) => ({ start: moved(start), end: moved(end) })) }
}
