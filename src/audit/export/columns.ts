/** What a column of `usage_log` holds. `money` has nine decimals, `json` is given as text. */
export type ColumnType = 'text' | 'boolean' | 'integer' | 'index' | 'real' | 'money' | 'time' | 'json'

/** The columns of an export, in order. */
export const columns = {
  id: 'text',
  created_at: 'time',
  request_id: 'text',
  customer_id: 'text',
  api_key_id: 'text',
  source: 'text',
  operation: 'text',
  model: 'text',
  provider: 'text',
  allowed: 'boolean',
  risk_score: 'integer',
  reason: 'text',
  policy_version: 'text',
  outcome: 'text',
  status: 'integer',
  input_tokens: 'integer',
  output_tokens: 'integer',
  cached_input_tokens: 'integer',
  cost_usd: 'money',
  latency_ms: 'real',
  upstream_ms: 'real',
  contributions: 'json',
  shadow: 'json',
  rule_errors: 'json',
  meta: 'json',
  response: 'json',
  log_id: 'text',
  leaf_index: 'index',
} as const satisfies Record<string, ColumnType>

export const columnNames = Object.keys(columns) as (keyof typeof columns)[]
