import { isUtf8 } from 'node:buffer'

const LF = 0x0a

/** Longest line in bytes: no record comes near it. */
const longest = 1 << 20

/** What is wrong with a line of a stream, in our own words: the line itself is never quoted. `line` counts from 1. */
export class LineFault extends Error {
  override name = 'LineFault'
  readonly line: number

  constructor(line: number, fault: string) {
    super(`Line ${line}: ${fault}`)
    this.line = line
  }
}

/** Lines of UTF-8 text, each ended by LF, without it. Throws a LineFault for what is not UTF-8, too long or cut off. */
export async function* readLines(source: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let number = 0
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of source) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let from = 0
    for (let end = bytes.indexOf(LF, rest.length); end >= 0; end = bytes.indexOf(LF, from)) {
      number++
      const line = bytes.subarray(from, end)
      if (line.length > longest) throw new LineFault(number, 'it is too long')
      if (!isUtf8(line)) throw new LineFault(number, 'it is not UTF-8')
      yield line.toString()
      from = end + 1
    }
    rest = bytes.subarray(from)
    if (rest.length > longest) throw new LineFault(number + 1, 'it is too long')
  }
  if (rest.length > 0) throw new LineFault(number + 1, 'it is cut off')
}
