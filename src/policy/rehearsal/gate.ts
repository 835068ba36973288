import type { ReplayReport } from './replay.ts'

/** A bound that a pipeline holds a replay to: `newly_blocked>0.5%`, `changed>=100`. */
export type Gate = { text: string; fails(report: ReplayReport): boolean }

const form = /^(newly_blocked|newly_allowed|changed|errors)\s*(>=?)\s*(\d{1,12}(?:\.\d{1,6})?)(%?)$/

const metrics: Record<string, (report: ReplayReport) => number> = {
  newly_blocked: ({ newly_blocked }) => newly_blocked.count,
  newly_allowed: ({ newly_allowed }) => newly_allowed.count,
  changed: ({ changed }) => changed,
  errors: ({ errors }) => errors.count,
}

/** Null if the text is not a gate. */
export function parseGate(text: string): Gate | null {
  const [, metric = '', operator, bound, percent] = form.exec(text.trim()) ?? []
  const read = metrics[metric]
  if (read === undefined) return null
  return {
    text: text.trim(),
    fails(report) {
      const count = read(report)
      const limit = percent === '%' ? (Number(bound) / 100) * report.decisions : Number(bound)
      // Of no decisions nothing can be said, and `>=0%` would say it.
      if (report.decisions === 0) return false
      return operator === '>' ? count > limit : count >= limit
    },
  }
}
