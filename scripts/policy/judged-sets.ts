import type { DecisionLog } from '../../src/audit/decisions.ts'
import type { Period } from '../../src/contracts/recorded.ts'
import type { JudgedSet } from '../../src/policy/rehearsal/shadow.ts'
import type { PolicyStore } from '../../src/policy/store.ts'

/** The sets that judged in a period, as far as they are kept, the latest last. */
export async function judgedSets(log: DecisionLog, policies: PolicyStore, period: Period): Promise<JudgedSet[]> {
  const judged: JudgedSet[] = []
  for (const { version, ...seen } of await log.judgedBy(period)) {
    const documents = await policies.effectiveSet(version)
    if (documents !== null) judged.push({ version, documents, ...seen })
  }
  return judged
}
