// Asks the audit log, and writes it out. One file a command: scripts/audit/.
import { exportLog } from './audit/export.ts'
import { keys } from './audit/keys.ts'
import { prove, verifyProofFile } from './audit/prove.ts'
import { query } from './audit/query.ts'
import { verify } from './audit/verify.ts'
import { runSubcommand } from './subcommand.ts'

await runSubcommand(
  'audit',
  { query, export: exportLog, verify, prove, 'verify-proof': verifyProofFile, keys },
  `Times are back from now as 7d, 12h and 30m, or dates as 2027-01-31 (UTC), or moments as 2027-01-31T09:30:00Z.`,
)
