// Shows, changes and tries policies, for everyone or for one customer. One file a command: scripts/policy/.
import { apply } from './policy/apply.ts'
import { approve } from './policy/approve.ts'
import { describe } from './policy/describe.ts'
import { diff } from './policy/diff.ts'
import { experiments } from './policy/experiments.ts'
import { explain } from './policy/explain.ts'
import { exportFile } from './policy/export.ts'
import { history } from './policy/history.ts'
import { lint } from './policy/lint.ts'
import { replay } from './policy/replay.ts'
import { rollback } from './policy/rollback.ts'
import { schema } from './policy/schema.ts'
import { set } from './policy/set.ts'
import { shadow } from './policy/shadow.ts'
import { show } from './policy/show.ts'
import { test } from './policy/test.ts'
import { unset } from './policy/unset.ts'
import { validate } from './policy/validate.ts'
import { runSubcommand } from './subcommand.ts'

const commands = {
  describe,
  show,
  set,
  unset,
  approve,
  history,
  rollback,
  validate,
  lint,
  diff,
  apply,
  export: exportFile,
  test,
  schema,
  replay,
  shadow,
  experiments,
  explain,
}

await runSubcommand(
  'policy',
  commands,
  `Only the fields that are given change: npm run policy -- set rate_limit '{"requests":500}'
Changes take --note <text>, --author <name> (you, if not given) and --expect <version>: if there is a newer one, nothing
is changed.`,
)
