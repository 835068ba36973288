import type pg from 'pg'
import type { Facts } from '../contracts/facts.ts'
import type { Period, RecordedDecision, SettledDecision } from '../contracts/recorded.ts'
import { pagesOf } from './entries/pages.ts'

type Lists = 'contributions' | 'shadow' | 'ruleErrors'
/** JSON stays text until its row is used: parsed pages at once are ten times the memory, and outlive the young. */
type Row = Omit<SettledDecision, 'facts' | 'costUsd' | Lists> & {
  facts: string
  contributions: string
  shadow: string | null
  ruleErrors: string | null
  costUsd: string | null
}

export type DecisionLog = ReturnType<typeof createDecisionLog>

const columns = `
  id, customer_id AS "customerId", api_key_id AS "apiKeyId", allowed, risk_score AS "riskScore", reason,
  contributions::text, shadow::text, rule_errors::text AS "ruleErrors", policy_version AS "policyVersion",
  meta::text AS facts,
  cost_usd::text AS "costUsd", created_at AS "createdAt", outcome, status`

/** Calls that ended before they were judged name no version. */
const judged = 'policy_version IS NOT NULL'
const firstId = '00000000-0000-0000-0000-000000000000'

/** Which decisions of a period are read: all, or those that rules in shadow mode or failing rules left a mark on. */
const kinds = { all: 'true', marked: '(shadow IS NOT NULL OR rule_errors IS NOT NULL)' }
type Kind = keyof typeof kinds

type Selection = Period & { kind?: Kind }

/** How many decisions a set of documents made, and from when to when. */
export type Judged = { version: string; decisions: number; first: Date; last: Date }

/** Decisions as `usage_log` holds them, for those who judge again. Reads only. */
export function createDecisionLog(pool: Pick<pg.Pool, 'query'>) {
  /** Keyset pagination: each page starts where the last one ended, so that the last costs what the first does. */
  async function page(after: { createdAt: Date; id: string }, selection: Selection, size: number): Promise<Row[]> {
    const { until, customerId, kind = 'all' } = selection
    const { rows } = await pool.query<Row>(
      `SELECT ${columns} FROM usage_log
      WHERE (created_at, id) > ($1, $2::uuid) AND created_at < $3 AND ${judged} AND ${kinds[kind]}
        ${customerId === undefined ? '' : 'AND customer_id = $5::uuid'}
      ORDER BY created_at, id LIMIT $4`,
      [after.createdAt, after.id, until, size, ...(customerId === undefined ? [] : [customerId])],
    )
    return rows
  }

  return {
    /** Pages of a period, in the order in which the calls came, to be read once. */
    async *pages(selection: Selection, size = 500): AsyncGenerator<Iterable<RecordedDecision>> {
      const start = { createdAt: selection.since, id: firstId }
      for await (const rows of pagesOf<Row>(last => page(last ?? start, selection, size), size))
        yield rows.values().map(decisionOf)
    },

    /** The sets that judged in a period, the latest last. */
    async judgedBy({ since, until, customerId }: Period): Promise<Judged[]> {
      const { rows } = await pool.query<Judged>(
        `SELECT policy_version AS version, count(*)::int AS decisions, min(created_at) AS first, max(created_at) AS last
        FROM usage_log
        WHERE created_at >= $1 AND created_at < $2 AND ${judged} AND ($3::uuid IS NULL OR customer_id = $3)
        GROUP BY policy_version ORDER BY last`,
        [since, until, customerId ?? null],
      )
      return rows
    },

    /** US dollars that customers' calls of a period cost, by customer. */
    async costs({ since, until, customerId }: Period): Promise<Map<string, number>> {
      const { rows } = await pool.query<{ customer: string; dollars: string }>(
        `SELECT customer_id AS customer, sum(cost_usd)::text AS dollars FROM usage_log
        WHERE created_at >= $1 AND created_at < $2 AND cost_usd IS NOT NULL
          AND ($3::uuid IS NULL OR customer_id = $3)
        GROUP BY customer_id`,
        [since, until, customerId ?? null],
      )
      return new Map(rows.map(({ customer, dollars }) => [customer, Number(dollars)]))
    },

    /** One decision, of any customer or of the one that asks. Null if there is none such, or if nothing was judged. */
    async find(id: string, customerId: string | null): Promise<SettledDecision | null> {
      const { rows } = await pool.query<Row>(
        `SELECT ${columns} FROM usage_log WHERE id = $1::uuid AND ${judged} AND ($2::uuid IS NULL OR customer_id = $2)`,
        [id, customerId],
      )
      return rows[0] === undefined ? null : decisionOf(rows[0])
    },
  }
}

function decisionOf({ facts, costUsd, contributions, shadow, ruleErrors, ...row }: Row): SettledDecision {
  return {
    ...row,
    facts: complete(JSON.parse(facts), row.createdAt),
    contributions: JSON.parse(contributions),
    shadow: shadow === null ? null : JSON.parse(shadow),
    ruleErrors: ruleErrors === null ? null : JSON.parse(ruleErrors),
    costUsd: costUsd === null ? null : Number(costUsd),
  }
}

/** Facts that were recorded before there were rules lack what only rules read. */
function complete(facts: Partial<Facts>, createdAt: Date): Facts {
  if (facts.at !== undefined) return facts as Facts
  return {
    tools: { names: [], total: facts.sizes?.tools ?? 0 },
    caller: { key_name: '', key_age_days: 0, customer_email: '' },
    at: createdAt.getTime(),
    usage: { month_cost: null },
    ...facts,
  } as Facts
}
