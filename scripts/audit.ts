// Asks the audit log, and writes it out. One file a command: scripts/audit/.
import { runSubcommand } from './subcommand.ts'

await runSubcommand(
  'audit',
  {
    query: async () => (await import('./audit/query.ts')).query,
    export: async () => (await import('./audit/export.ts')).exportLog,
    verify: async () => (await import('./audit/verify.ts')).verify,
    prove: async () => (await import('./audit/prove.ts')).prove,
    'verify-proof': async () => (await import('./audit/prove.ts')).verifyProofFile,
    keys: async () => (await import('./audit/keys.ts')).keys,
  },
  `Times are back from now as 7d, 12h and 30m, or dates as 2027-01-31 (UTC), or moments as 2027-01-31T09:30:00Z.`,
)
