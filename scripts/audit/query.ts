import { z } from 'zod'
import { checkTypes } from '../../src/audit/entries/types.ts'
import { type Filter, type FoundRow, findDecisions, type Place } from '../../src/audit/query.ts'
import { createKeyStore, type KeyStore } from '../../src/keys/store.ts'
import { CommandError } from '../command.ts'
import { withDatabase } from '../database.ts'
import { sinceOf } from '../policy/period.ts'
import { subcommand } from '../subcommand.ts'
import { tableOf } from './table.ts'

const options = {
  customer: { type: 'string' },
  key: { type: 'string' },
  model: { type: 'string' },
  decision: { type: 'string' },
  reason: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  limit: { type: 'string', default: '50' },
  page: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const
type Given = { [Name in keyof typeof options]?: string | boolean } & Partial<
  Record<'customer' | 'key' | 'model' | 'decision' | 'reason' | 'since' | 'until' | 'page', string>
>

const limits = z.coerce.number().int().min(1).max(1_000)

export const query = subcommand(
  [
    'query [--customer <email or id>] [--key <id>] [--model <name>] [--decision allowed|refused] [--reason <id>] [--since 7d] [--until <time>] [--limit 50] [--page <next>] [--json]',
    'decisions that fit all that is given, newest first',
  ],
  options,
  [],
  async ({ values }) => {
    const limit = limits.safeParse(values.limit)
    if (!limit.success) throw new CommandError('--limit must be a number from 1 to 1000.')
    const after = values.page === undefined ? null : placeOf(values.page)
    const filter = filterOf(values)
    await withDatabase(async ({ pool, prisma }) => {
      await checkTypes(pool)
      const customer = await customerOf(createKeyStore(prisma), values.customer)
      const { rows, next } = await findDecisions(pool, { ...filter, ...customer }, { after, limit: limit.data })
      const page = next && pageOf(next)
      console.log(values.json ? JSON.stringify({ decisions: rows, next: page }, null, 2) : textOf(rows, page))
    })
  },
)

const decisions = new Map([
  ['allowed', true],
  ['refused', false],
])

function filterOf({ key, model, decision, reason, since, until }: Given): Filter {
  const allowed = decision === undefined ? undefined : decisions.get(decision)
  if (decision !== undefined && allowed === undefined)
    throw new CommandError('--decision must be "allowed" or "refused".')
  if (key !== undefined && !z.uuid().safeParse(key).success) throw new CommandError("--key must be a key's id.")
  return {
    ...(key !== undefined && { apiKeyId: key }),
    ...(model !== undefined && { model }),
    ...(allowed !== undefined && { allowed }),
    ...(reason !== undefined && { reason }),
    ...(since !== undefined && { since: sinceOf(since) }),
    ...(until !== undefined && { until: sinceOf(until, '--until') }),
  }
}

/** The id of a customer may be that of one who is gone, and whose records are not. */
async function customerOf(keys: KeyStore, given: string | undefined): Promise<Pick<Filter, 'customerId'>> {
  if (given === undefined) return {}
  if (z.uuid().safeParse(given).success) return { customerId: given }
  const customerId = await keys.findCustomer(given)
  if (customerId === null) throw new Error('There is no customer with that e-mail address.')
  return { customerId }
}

const pages = z.tuple([z.iso.datetime(), z.uuid()])

/** `2026-11-25T10:51:23.123Z,019ab…`: where the page before ended. */
function placeOf(page: string): Place {
  const place = pages.safeParse(page.split(','))
  if (!place.success) throw new CommandError('--page must be what the page before ended with.')
  return { createdAt: new Date(place.data[0]), id: place.data[1] }
}

function pageOf({ createdAt, id }: Place): string {
  return `${createdAt.toISOString()},${id}`
}

function textOf(rows: readonly FoundRow[], next: string | null): string {
  if (rows.length === 0) return 'There is no such decision.'
  const table = tableOf(
    ['time', 'customer', 'key', 'model', 'decision', 'score', 'outcome', 'decision id'],
    rows.map(row => [
      row.created_at.toISOString().replace('T', ' ').replace(/\.\d+/, ''),
      row.customer_email ?? row.customer_id,
      row.key_name || row.api_key_id,
      row.model ?? '(none)',
      row.allowed ? 'allowed' : `refused: ${row.reason}`,
      String(row.risk_score),
      `${row.outcome} ${row.status ?? ''}`.trim(),
      row.id,
    ]),
  )
  return next === null ? table : `${table}\n\nThe next page: --page ${next}`
}
