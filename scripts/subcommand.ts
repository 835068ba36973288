import { type ParseArgsConfig, parseArgs } from 'node:util'
import { CommandError, runCommand } from './command.ts'

type Options = NonNullable<ParseArgsConfig['options']>
type Given<Own extends Options, Takes extends readonly string[]> = {
  values: ReturnType<typeof parseArgs<{ options: Own }>>['values']
  positionals: { [At in keyof Takes]?: string }
}

/** One command of a script that has several. */
export type Subcommand = {
  /** How it is called, and what it does: a line of the usage. */
  usage: readonly [form: string, what: string]
  run(args: string[]): Promise<void>
}

/** Columns of a command's form. What a longer one does is on a line of its own. */
const formWidth = 42

/**
 * A command with options of its own. What stands before or between the options are its positionals, without its name:
 * `takes` names as many as there may be. One too many is a fault, as it was meant to say something.
 */
export function subcommand<const Own extends Options, const Takes extends readonly string[]>(
  usage: Subcommand['usage'],
  options: Own,
  takes: Takes,
  run: (given: Given<Own, Takes>) => Promise<void>,
): Subcommand {
  return {
    usage,
    run(args) {
      const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
      const extra = positionals[takes.length]
      if (extra !== undefined) throw new CommandError(`"${extra}" is one argument too many: ${takenBy(usage, takes)}.`)
      return run({ values, positionals: positionals as Given<Own, Takes>['positionals'] })
    },
  }
}

function takenBy([form]: Subcommand['usage'], takes: readonly string[]): string {
  return `${form.split(' ')[0]} takes ${takes.length === 0 ? 'options only' : takes.join(', ')}`
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
