import type { Log } from '../../src/contracts/log.ts'

type Line = { level: keyof Log; fields: object; text: string }

/** A log that keeps its lines. */
export function keptLog() {
  const lines: Line[] = []
  const keep = (level: keyof Log) => (fields: object, text: string) => void lines.push({ level, fields, text })
  const log = { debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') } as Log
  return { log, lines }
}
