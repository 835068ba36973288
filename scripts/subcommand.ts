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

/** Each command's module is loaded when the command is run, so that none pays for what the others need. */
type Commands = Record<string, () => Promise<Subcommand>>

/** Runs the command that the first argument names. `notes` end the usage of `npm run <script>`. */
export function runSubcommand(script: string, commands: Commands, notes: string): Promise<void> {
  const usage = async () => {
    const loaded = await Promise.all(Object.values(commands).map(load => load()))
    return `Usage:\n${loaded.map(command => usageLine(script, command.usage)).join('\n')}\n\n${notes}`
  }
  return runCommand(usage, async () => {
    const [name = '', ...args] = process.argv.slice(2)
    const load = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (load === undefined) throw new CommandError('The first argument must be a command.')
    const command = await load()
    await command.run(args)
  })
}

function usageLine(script: string, [form, what]: Subcommand['usage']): string {
  const line = `  npm run ${script} -- ${form.padEnd(formWidth)}`
  return form.length < formWidth ? `${line}${what}` : `${line}\n      ${what}`
}
