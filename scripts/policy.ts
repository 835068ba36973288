// Shows, changes and tries policies, for everyone or for one customer. One file a command: scripts/policy/.
import { CommandError, runCommand } from './command.ts'
import { apply } from './policy/apply.ts'
import { approve } from './policy/approve.ts'
import type { PolicyCommand } from './policy/command.ts'
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

const commands: Record<string, PolicyCommand> = {
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

/** Columns of a command's form. What a longer one does is on a line of its own. */
const formWidth = 42

const usage = `Usage:
${Object.values(commands).map(usageLine).join('\n')}

Only the fields that are given change: npm run policy -- set rate_limit '{"requests":500}'
Changes take --note <text>, --author <name> (you, if not given) and --expect <version>: if there is a newer one, nothing
is changed.`

function usageLine({ usage: [form, what] }: PolicyCommand): string {
  const line = `  npm run policy -- ${form.padEnd(formWidth)}`
  return form.length < formWidth ? `${line}${what}` : `${line}\n      ${what}`
}

await runCommand(usage, async () => {
  const [name = '', ...args] = process.argv.slice(2)
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined) throw new CommandError('The first argument must be a command.')
  await command.run(args)
})
