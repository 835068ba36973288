import type pg from 'pg'

/** Which decisions are looked for: those that fit all that is given. */
export type Filter = {
  customerId?: string
  apiKeyId?: string
  model?: string
  allowed?: boolean
  reason?: string
  /** Inclusive. */
  since?: Date
  /** Exclusive. */
  until?: Date
}

/** Where a page ended: the next one starts after it. */
export type Place = { createdAt: Date; id: string }

/** A row of `usage_log` under the names of its columns, with what its customer and key are called; null if gone. */
export type FoundRow = {
  id: string
  created_at: Date
  customer_id: string
  customer_email: string | null
  api_key_id: string
  key_name: string | null
  operation: string
  model: string | null
  allowed: boolean
  reason: string
  risk_score: number
  outcome: string
  status: number | null
} & Record<string, unknown>

const conditions: { [Name in keyof Required<Filter>]: string } = {
  customerId: 'customer_id =',
  apiKeyId: 'api_key_id =',
  model: 'model =',
  allowed: 'allowed =',
  reason: 'reason =',
  since: 'created_at >=',
  until: 'created_at <',
}

/**
 * The decisions that a filter finds, newest first, and where the page ends; null if there is no more. Keyset
 * pagination: the last page costs what the first does.
 */
export async function findDecisions(
  pool: Pick<pg.Pool, 'query'>,
  filter: Filter,
  { after = null, limit }: { after?: Place | null; limit: number },
): Promise<{ rows: FoundRow[]; next: Place | null }> {
  const { where, values } = clauseOf(filter, after)
  const { rows } = await pool.query<FoundRow>(
    `SELECT found.*, cost_usd::float8, leaf_index::float8, customer.email AS customer_email, api_key.name AS key_name
    FROM (
      SELECT * FROM usage_log WHERE ${where} ORDER BY created_at DESC, id DESC LIMIT $${values.push(limit + 1)}
    ) AS found
    LEFT JOIN customer ON customer.id = customer_id
    LEFT JOIN api_key ON api_key.id = api_key_id
    ORDER BY created_at DESC, found.id DESC`,
    values,
  )
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { rows: page, next: rows.length > limit && last ? { createdAt: last.created_at, id: last.id } : null }
}

function clauseOf(filter: Filter, after: Place | null): { where: string; values: unknown[] } {
  const values: unknown[] = []
  const clauses: string[] = []
  for (const [name, condition] of Object.entries(conditions)) {
    const value = filter[name as keyof Filter]
    // Written out, as a partial index serves no condition whose value is a parameter.
    if (typeof value === 'boolean') clauses.push(value ? 'allowed' : 'NOT allowed')
    else if (value !== undefined) clauses.push(`${condition} $${values.push(value)}`)
  }
  if (filter.reason !== undefined && filter.reason !== 'ok') clauses.push("reason <> 'ok'")
  if (after !== null) {
    clauses.push(`(created_at, id) < ($${values.push(after.createdAt)}, $${values.push(after.id)}::uuid)`)
  }
  return { where: clauses.join(' AND ') || 'true', values }
}
