// Shows, changes and tries policies, for everyone or for one customer. One file a command: scripts/policy/.
import { runSubcommand } from './subcommand.ts'

await runSubcommand(
  'policy',
  {
    describe: async () => (await import('./policy/describe.ts')).describe,
    show: async () => (await import('./policy/show.ts')).show,
    set: async () => (await import('./policy/set.ts')).set,
    unset: async () => (await import('./policy/unset.ts')).unset,
    approve: async () => (await import('./policy/approve.ts')).approve,
    history: async () => (await import('./policy/history.ts')).history,
    rollback: async () => (await import('./policy/rollback.ts')).rollback,
    validate: async () => (await import('./policy/validate.ts')).validate,
    lint: async () => (await import('./policy/lint.ts')).lint,
    diff: async () => (await import('./policy/diff.ts')).diff,
    apply: async () => (await import('./policy/apply.ts')).apply,
    export: async () => (await import('./policy/export.ts')).exportFile,
    test: async () => (await import('./policy/test.ts')).test,
    schema: async () => (await import('./policy/schema.ts')).schema,
    replay: async () => (await import('./policy/replay.ts')).replay,
    shadow: async () => (await import('./policy/shadow.ts')).shadow,
    experiments: async () => (await import('./policy/experiments.ts')).experiments,
    explain: async () => (await import('./policy/explain.ts')).explain,
  },
  `Only the fields that are given change: npm run policy -- set rate_limit '{"requests":500}'
Changes take --note <text>, --author <name> (you, if not given) and --expect <version>: if there is a newer one, nothing
is changed.`,
)
