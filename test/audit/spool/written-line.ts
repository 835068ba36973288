import { Lines, type SpoolEntry } from '../../../src/audit/spool/line.ts'

/** An entry as the spool has it. */
export function writtenLine(entry: SpoolEntry): string {
  const lines = new Lines()
  lines.add(entry)
  return lines.bytes.toString()
}
