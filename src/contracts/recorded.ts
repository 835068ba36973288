import type { Contribution } from './decision.ts'
import type { Facts } from './facts.ts'

/** A decision as the log holds it, with all that it takes to make it again. */
export type RecordedDecision = {
  id: string
  customerId: string
  apiKeyId: string
  allowed: boolean
  riskScore: number
  reason: string
  contributions: Contribution[]
  shadow: Contribution[] | null
  ruleErrors: string[] | null
  createdAt: Date
  facts: Facts
  /** Hash of the set that judged. */
  policyVersion: string
  /** US dollars that the call cost, null if unknown. */
  costUsd: number | null
}

/** A recorded decision with what became of its call. */
export type SettledDecision = RecordedDecision & { outcome: string; status: number | null }

/** From `since` on, and before `until`; of one customer, or of all. */
export type Period = { since: Date; until: Date; customerId?: string }
