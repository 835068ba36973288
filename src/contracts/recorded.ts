import type { Facts } from './facts.ts'
import type { UsageRecord } from './record.ts'

/** A decision as the log holds it, with all that it takes to make it again. */
export type RecordedDecision = Pick<
  UsageRecord,
  | 'id'
  | 'customerId'
  | 'apiKeyId'
  | 'allowed'
  | 'riskScore'
  | 'reason'
  | 'contributions'
  | 'shadow'
  | 'ruleErrors'
  | 'createdAt'
> & {
  facts: Facts
  /** Hash of the set that judged. */
  policyVersion: string
  /** US dollars that the call cost, null if unknown. */
  costUsd: number | null
}

/** A recorded decision with what became of its call. */
export type SettledDecision = RecordedDecision & Pick<UsageRecord, 'outcome' | 'status'>

/** From `since` on, and before `until`; of one customer, or of all. */
export type Period = { since: Date; until: Date; customerId?: string }
