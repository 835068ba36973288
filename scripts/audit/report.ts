import type { Finding, FindingKind } from '../../src/transparency/verify/findings.ts'
import type { Report } from '../../src/transparency/verify/verify.ts'
import { tableOf } from './table.ts'

const shown = 100

const meanings: Record<FindingKind, string> = {
  edited: 'the record is not the one that was logged',
  removed: 'the record is gone, and no pruning took it',
  inserted: 'a row that the log does not have',
  reordered: 'the record belongs to another place',
  cut_off: 'the log was longer than it is now',
  rewritten: 'the log up to here is not the one that was signed',
  bad_signature: 'a checkpoint that proves nothing',
  unsigned: 'records that no checkpoint covers, though they are not new',
  gap: 'the log has no such leaves',
}

/** A verification in words: each log and how much of it is signed, then what was found. */
export function reportText({ ok, logs, findings, found, counts, outside, unknownKeys }: Report): string {
  const rows = logs.map(({ log, start, size, signedSize }) => {
    return [log, start === 0 ? `${size}` : `${start} to ${size}`, `${signedSize}`]
  })
  const table = tableOf(['log', 'leaves', 'signed'], rows)
  const total = Object.values(found).reduce((sum, count) => sum + count, 0)
  const unsigned = logs.reduce((sum, { size, signedSize }) => sum + size - signedSize, 0)
  const young = unsigned === 0 ? '' : ` ${unsigned} are too young to be signed yet.`
  const verdict = ok
    ? `Intact: ${counts.records} records in ${logs.length} logs, under ${counts.checkpoints} checkpoints.${young}`
    : `NOT as it was signed: ${total} findings.`
  const keys = unknownKeys === 0 ? [] : [`${unknownKeys} keys that signed here are not among those that are trusted.`]
  const more = findings.length > shown ? [`… and ${total - shown} more: see --json`] : []
  return [table, ...findings.slice(0, shown).map(findingText), ...more, ...keys, outsideText(outside), verdict].join(
    '\n',
  )
}

function outsideText({ compared, unchecked }: Report['outside']): string {
  const all =
    compared === 0
      ? 'No checkpoint from outside was compared: whether an end was cut off cannot be told.'
      : `Compared with ${compared} checkpoints that were kept outside.`
  return unchecked === 0 ? all : `${all} ${unchecked} are of leaves that are not here, and were not checked.`
}

function findingText({ kind, log, index, end, id, detail, belongs }: Finding): string {
  const place = index === null ? '' : end === null ? ` leaf ${index}` : ` leaves ${index} to ${end}`
  const where = `${log ?? 'no log'}${place}${id === null ? '' : `, decision ${id}`}`
  const to = belongs === null ? '' : `: leaf ${belongs.index} of ${belongs.log}`
  return `${kind}: ${where}: ${meanings[kind]}${to}${detail === null ? '' : ` (${detail.replaceAll('_', ' ')})`}`
}
