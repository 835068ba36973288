import type { Decision } from '../contracts/decision.ts'
import type { Facts } from '../contracts/facts.ts'
import { type Call, written } from './call.ts'
import { idsOf } from './circumstances.ts'

/** Judges a call that is answered here and sent nowhere: with the decision it is over. */
export function judge(call: Call, facts: Facts): Decision {
  const decision = written(call.policy).decide(facts, idsOf(call))
  call.inspected = { facts, provider: null, outgoing: null }
  call.decision = decision
  call.answer.outcome = decision.allowed ? 'completed' : 'policy_refused'
  return decision
}
