/** A fault in what was typed, in words for the person who typed it. */
export class CommandError extends Error {}

/**
 * Runs a command line: exit code 0 when it succeeds, 2 when it was used wrongly, 1 when it failed.
 * Errors of `parseArgs` and ours are shown with the usage; others by their message.
 */
export async function runCommand(usage: string | (() => Promise<string>), command: () => Promise<void>): Promise<void> {
  try {
    await command()
  } catch (error) {
    const misused = error instanceof CommandError || (error instanceof TypeError && 'code' in error)
    console.error(error instanceof Error ? error.message : 'The command failed.')
    if (misused) console.error(`\n${typeof usage === 'string' ? usage : await usage()}`)
    process.exitCode = misused ? 2 : 1
  }
}
