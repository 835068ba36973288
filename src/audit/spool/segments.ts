import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The files of a spool, oldest first: each start of a process and each `segmentBytes` begin another. */
const form = /^(\d{12})\.spool$/

export type Segment = { number: number; path: string }

export function segmentPath(directory: string, number: number): string {
  return join(directory, `${String(number).padStart(12, '0')}.spool`)
}

/** Throws if the directory cannot be read. */
export function segmentsIn(directory: string): Segment[] {
  return readdirSync(directory)
    .map(file => Number(form.exec(file)?.[1] ?? Number.NaN))
    .filter(number => !Number.isNaN(number))
    .sort((a, b) => a - b)
    .map(number => ({ number, path: segmentPath(directory, number) }))
}

/** Bytes in a spool. */
export function bytesIn(directory: string): number {
  return segmentsIn(directory).reduce(
    (sum, { path }) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0),
    0,
  )
}
