import { z } from 'zod'
import type { Period } from '../../src/contracts/recorded.ts'
import type { KeyStore } from '../../src/keys/store.ts'
import { CommandError } from '../command.ts'

const msPer = new Map([
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
])

/** The period that the options of a command tell of, up to this moment: a running proxy writes on. */
export async function periodOf(keys: KeyStore, { since, customer }: { since: string; customer?: string }) {
  const period: Period = { since: sinceOf(since), until: new Date() }
  if (customer === undefined) return period
  const customerId = await keys.findCustomer(customer)
  if (customerId === null) throw new Error('There is no customer with that e-mail address.')
  return { ...period, customerId }
}

/** Days, hours or minutes back from now as `30d`, or the start of a day (UTC), or a moment. */
export function sinceOf(text: string, option = '--since'): Date {
  const [, count, unit = ''] = /^([1-9]\d{0,4})([dhm])$/.exec(text) ?? []
  const ms = msPer.get(unit)
  if (ms !== undefined) return new Date(Date.now() - Number(count) * ms)
  if (
    !z.iso
      .date()
      .or(z.iso.datetime({ offset: true }))
      .safeParse(text).success
  )
    throw new CommandError(`${option} must be days as "30d", or a date as "2027-01-31".`)
  return new Date(text)
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(2)}%`
}

export function grouped(count: number): string {
  return count.toLocaleString('en')
}
