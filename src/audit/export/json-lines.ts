import type { Entry } from '../../transparency/entry.ts'
import { encodeEntry } from '../../transparency/json-lines.ts'

/** Characters of a piece: a write for each line would cost more than the line. */
const pieceLength = 65_536

/** Entries as JSON Lines, which a verifier reads, in pieces. */
export async function* jsonLinesOf(entries: AsyncIterable<Entry>): AsyncGenerator<string> {
  let piece = ''
  for await (const entry of entries) {
    piece += encodeEntry(entry)
    if (piece.length < pieceLength) continue
    yield piece
    piece = ''
  }
  yield piece
}
