import pg from 'pg'
import type { UsageRecord } from '../contracts/record.ts'
import type { Database } from '../database/client.ts'

/** A record with what was computed off the call's path. `costUsd` is US dollars, null if unknown. */
export type AuditRow = UsageRecord & { costUsd: number | null }

/** Ids of the rows that the database refused for what they hold; all others are stored. */
export type Inserted = { refused: string[] }

export type AuditStore = ReturnType<typeof createAuditStore>

/** Data that cannot be stored (SQLSTATE classes 22 and 23), as opposed to a database that is away. */
const refusal = /^2[23]/

const insertion = `
  INSERT INTO usage_log (
    id, request_id, customer_id, api_key_id, source, operation, model, provider, allowed, risk_score, reason,
    contributions, shadow, rule_errors, policy_version, outcome, status, input_tokens, output_tokens,
    cached_input_tokens, cost_usd, latency_ms, upstream_ms, meta, response, created_at
  )
  SELECT
    "id", "requestId", "customerId", "apiKeyId", "source", "operation", "model", "provider", "allowed",
    "riskScore", "reason", "contributions", "shadow", "ruleErrors", "policyVersion", "outcome", "status",
    "inputTokens", "outputTokens", "cachedInputTokens", "costUsd", "latencyMs", "upstreamMs",
    coalesce("facts", '{}'), "response", "createdAt"
  FROM jsonb_to_recordset($1::jsonb) AS r(
    "id" uuid, "requestId" uuid, "customerId" uuid, "apiKeyId" uuid, "source" text, "operation" text,
    "model" text, "provider" text, "allowed" boolean, "riskScore" integer, "reason" text, "contributions" jsonb,
    "shadow" jsonb, "ruleErrors" jsonb, "policyVersion" text, "outcome" text, "status" integer, "inputTokens" integer, "outputTokens" integer,
    "cachedInputTokens" integer, "costUsd" numeric, "latencyMs" double precision, "upstreamMs" double precision,
    "facts" jsonb, "response" jsonb, "createdAt" timestamptz
  )
  ON CONFLICT (id) DO NOTHING`

/** The `usage_log` table. Append-only: rows go in, and leave by retention. */
export function createAuditStore({ prisma, pool }: Pick<Database, 'prisma' | 'pool'>) {
  /**
   * Stores rows in one statement with one parameter, past Prisma, which would write and read that parameter once more:
   * some 10 µs of the main thread's time a row, where `createMany` takes 400.
   * A row whose id is there already is left as it is, so a batch can be sent again. Throws if the database is away.
   */
  async function insert(rows: readonly AuditRow[]): Promise<Inserted> {
    const [first] = rows
    if (first === undefined) return { refused: [] }
    try {
      await pool.query(insertion, [serialise(rows)])
      return { refused: [] }
    } catch (error) {
      if (!refusal.test(sqlState(error) ?? '')) throw error
      if (rows.length === 1) return { refused: [first.id] }
      const half = rows.length >> 1
      const { refused } = await insert(rows.slice(0, half))
      return { refused: refused.concat((await insert(rows.slice(half))).refused) }
    }
  }

  return {
    insert,

    /** US dollars of a customer's calls since a moment, as far as their cost is known. */
    async costSince(customerId: string, since: Date): Promise<number> {
      const { _sum } = await prisma.usageLog.aggregate({
        where: { customerId, createdAt: { gte: since } },
        _sum: { costUsd: true },
      })
      return _sum.costUsd?.toNumber() ?? 0
    },
  }
}

/** NUL and lone surrogates, which a caller may send as a model's name and PostgreSQL cannot store. */
const unstorable = /\\u0000|\\ud[89a-f]/

function serialise(rows: readonly AuditRow[]): string {
  const text = JSON.stringify(rows)
  return unstorable.test(text) ? JSON.stringify(rows, storable) : text
}

function storable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\uFFFD') : value
}

/** The SQLSTATE of a database's own error, null if the error is of another kind. */
function sqlState(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.code ?? null) : null
}
