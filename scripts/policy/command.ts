import { type ParseArgsConfig, parseArgs } from 'node:util'

type Options = NonNullable<ParseArgsConfig['options']>
type Given<Own extends Options> = {
  values: ReturnType<typeof parseArgs<{ options: Own }>>['values']
  positionals: string[]
}

/** One command of `npm run policy`. */
export type PolicyCommand = {
  /** How it is called, and what it does: a line of the usage. */
  usage: readonly [form: string, what: string]
  run(args: string[]): Promise<void>
}

/** A command with options of its own. What stands before the options are its positionals, without its name. */
export function policyCommand<const Own extends Options>(
  usage: PolicyCommand['usage'],
  options: Own,
  run: (given: Given<Own>) => Promise<void>,
): PolicyCommand {
  return {
    usage,
    run(args) {
      const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
      return run({ values, positionals })
    },
  }
}
