// Deletes usage records past their retention: npm run cleanup-logs [-- --days 90 --batch 5000 --public-key <key>
// --dry-run]
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { createPublisher } from '../src/audit/courier/publisher.ts'
import { publicKeys } from '../src/audit/ledger/public-keys.ts'
import { openRetentionLedger } from '../src/audit/ledger/retention-ledger.ts'
import { createRetention } from '../src/audit/retention.ts'
import { type Config, loadConfig } from '../src/config.ts'
import { connectDatabase } from '../src/database/client.ts'
import { createLog } from '../src/log.ts'
import { parseVerifierKey, type VerifierKey } from '../src/transparency/keys.ts'
import { trustedKeys } from './audit/keys.ts'
import { CommandError, runCommand } from './command.ts'

const msPerDay = 86_400_000
/** The next clean-up may be a day away: places outside are given longer than at the end of a proxy. */
const publishTimeoutMs = 30_000
const positive = (max: number) => z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(1).max(max))
const options = z.object({
  days: positive(36_500).optional(),
  batch: positive(100_000).default(5000),
  'public-key': z.array(z.string()).default([]),
  'dry-run': z.boolean().default(false),
})

const usage =
  'Usage: npm run cleanup-logs -- [--days <1 to 36500>] [--batch <1 to 100000>] [--public-key <key or file>] [--dry-run]'

function readOptions(): z.infer<typeof options> {
  const { values } = parseArgs({
    options: {
      days: { type: 'string' },
      batch: { type: 'string' },
      'public-key': { type: 'string', multiple: true },
      'dry-run': { type: 'boolean' },
    },
  })
  const { data, error } = options.safeParse(values)
  if (data === undefined) throw new CommandError(`--${String(error.issues[0]?.path[0])} is out of its range.`)
  return data
}

/** Keys that may have signed earlier clean-ups: those of this installation, and others that are given. */
async function knownKeys({ dataDir, audit }: Config, given: readonly string[]): Promise<VerifierKey[]> {
  const own = publicKeys(dataDir, audit.signingKey).map(parseVerifierKey)
  return given.length === 0 ? own : [...own, ...(await trustedKeys(given))]
}

async function cleanUp(given: z.infer<typeof options>): Promise<void> {
  const config = loadConfig()
  const days = given.days ?? config.logRetentionDays
  const olderThan = new Date(Date.now() - days * msPerDay)
  const keys = await knownKeys(config, given['public-key'])
  const database = await connectDatabase(config)
  try {
    const retention = createRetention(database.pool, keys)
    const what = `usage records older than ${days} days (before ${olderThan.toISOString()})`
    if (given['dry-run']) {
      console.log(`${await retention.count(olderThan)} ${what} would be deleted.`)
      return
    }
    const { dataDir, audit } = config
    // `info` is for checkpoints, where they go to the log.
    const log = createLog('info')
    const publisher = createPublisher(audit.publishTo, {
      log,
      toLog: note => log.info({ checkpoint: note }, 'Checkpoint'),
    })
    const { signingKey } = audit
    const { publish } = publisher
    const ledger = await openRetentionLedger({ dataDir, signingKey, pool: database.pool, publish, log })
    try {
      const deleted = await retention.prune({ olderThan, batch: given.batch, record: ledger.record })
      console.log(`${deleted} ${what} were deleted.`)
    } finally {
      await ledger.close()
      if (!(await publisher.close(publishTimeoutMs))) {
        console.error('Checkpoints did not reach a place of AUDIT_CHECKPOINTS_TO. They are in DATA_DIR/checkpoints.')
        process.exitCode = 1
      }
    }
  } finally {
    await database.close()
  }
}

await runCommand(usage, () => cleanUp(readOptions()))
