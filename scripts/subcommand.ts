import { type ParseArgsConfig, parseArgs } from 'node:util'
import { CommandError, runCommand } from './command.ts'

type Options = NonNullable<ParseArgsConfig['options']>
type Given<Own extends Options> = {
  values: ReturnType<typeof parseArgs<{ options: Own }>>['values']
  positionals: string[]
}

/** One command of a script that has several. */
export type Subcommand = {
  /** How it is called, and what it does: a line of the usage. */
  usage: readonly [form: string, what: string]
  run(args: string[]): Promise<void>
}

/** Columns of a command's form. What a longer one does is on a line of its own. */
const formWidth = 42

/** A command with options of its own. What stands before the options are its positionals, without its name. */
export function subcommand<const Own extends Options>(
  usage: Subcommand['usage'],
  options: Own,
  run: (given: Given<Own>) => Promise<void>,
): Subcommand {
  return {
    usage,
    run(args) {
      const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
      return run({ values, positionals })
    },
  }
}

/** Runs the command that the first argument names. `notes` end the usage of `npm run <script>`. */
export function runSubcommand(script: string, commands: Record<string, Subcommand>, notes: string): Promise<void> {
  const forms = Object.values(commands).map(({ usage }) => usageLine(script, usage))
  return runCommand(`Usage:\n${forms.join('\n')}\n\n${notes}`, async () => {
    const [name = '', ...args] = process.argv.slice(2)
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (command === undefined) throw new CommandError('The first argument must be a command.')
    await command.run(args)
  })
}

function usageLine(script: string, [form, what]: Subcommand['usage']): string {
  const line = `  npm run ${script} -- ${form.padEnd(formWidth)}`
  return form.length < formWidth ? `${line}${what}` : `${line}\n      ${what}`
}
