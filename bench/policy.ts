// How long a decision takes: with the policies that come with the product, and with a hundred rules beside them.
import type { Facts } from '../src/contracts/facts.ts'
import { compilePolicy, type Policy } from '../src/policy/compile.ts'
import { effectiveDocuments } from '../src/policy/documents.ts'

/** What real rules look like: see docs/RULES.md. */
const conditions = [
  "call.external && personal_data.types['email'] > 0 && call.max_output_tokens > 1000",
  "tools.names.exists(name, name.startsWith('write_') || name.startsWith('delete_'))",
  "call.model in ['gpt-4o', 'gpt-4o-mini', 'o3'] && call.estimated_tokens > 20000",
  'time.hour < 7 || time.hour >= 19 || time.weekday > 5',
  "key.age_days > 365 && !customer.email.endsWith('@example.com')",
  "declared.intent == '' && call.external",
  'secrets.total > 0 || prompt_injection.score >= 0.8',
  "call.operation.matches('^(files|uploads)\\\\.') || 'image' in uninspectable_content",
  'usage.month_cost > 500.0 && !call.approved',
  'call.images + call.files > 3 || tools.total > 20',
]
const limitUs = 50
const decisions = 50_000

const facts: Facts = {
  source: 'proxy',
  operation: 'chat.completions.create',
  known_operation: true,
  model: 'gpt-4o',
  provider: 'openai',
  external: true,
  stream: true,
  max_output_tokens: 4000,
  sizes: { messages: 12, characters: 9000, estimated_tokens: 2250, tools: 8, images: 1, audio: 0, files: 0 },
  personal_data: { declared: false, types: { email: 2, person_name: 3 }, uncertain: { person_name: 1 } },
  secrets: {},
  custom: {},
  prompt_injection: { score: 0.1, speaker: 'user' },
  tools: { names: ['search', 'read_file', 'list_files', 'get_weather', 'query', 'fetch', 'plan', 'ask'], total: 8 },
  caller: { key_name: 'batch', key_age_days: 40, customer_email: 'alice@example.com' },
  at: Date.UTC(2026, 10, 25, 9, 30),
  usage: { month_cost: 12.5 },
  uninspectable_content: ['image'],
  uninspected_characters: 0,
  declared: { team: 'support' },
}
const ids = { customer: 'customer', key: 'key', call: 'call' }

function policyWith(rules: number): Policy {
  const written = Array.from({ length: rules }, (_, index) => ({
    id: `rule-${index}`,
    when: conditions[index % conditions.length],
    effect: { score: 1 },
  }))
  return compilePolicy(effectiveDocuments({ rules: { rules: written } }))
}

/** Microseconds of one decision each, sorted. The clock itself takes some 50 ns. */
function timesOf({ decide }: Policy): Float64Array {
  const times = new Float64Array(decisions)
  for (let warmUp = 0; warmUp < 5000; warmUp++) decide(facts, ids)
  for (let index = 0; index < decisions; index++) {
    const startedAt = performance.now()
    decide(facts, ids)
    times[index] = (performance.now() - startedAt) * 1000
  }
  return times.sort()
}

const rows = [0, 10, 100].map(rules => {
  const times = timesOf(policyWith(rules))
  const at = (share: number) => Number((times[Math.floor(share * decisions)] ?? Number.NaN).toFixed(2))
  return { rules, 'p50 µs': at(0.5), 'p99 µs': at(0.99), 'p99.9 µs': at(0.999) }
})
console.table(rows)

const startedAt = performance.now()
const compilations = 20
for (let index = 0; index < compilations; index++) policyWith(100)
console.log(
  `A policy with 100 rules is read and compiled in ${((performance.now() - startedAt) / compilations).toFixed(1)} ms.`,
)

if ((rows.at(-1)?.['p99 µs'] ?? Number.NaN) >= limitUs) {
  console.error(`A hundred rules take ${limitUs} µs or more.`)
  process.exitCode = 1
}
