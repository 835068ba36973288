import { type DestinationStream, type Logger, pino } from 'pino'
import { GovernedError } from './errors.ts'

/**
 * The process's log, JSON on standard output unless told otherwise. Only our own messages are written: a foreign
 * error's message can quote what it choked on, so of those the type, the code and the stack's places are kept.
 */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    // Libraries log addresses under these names, and an address's query can hold content or keys.
    redact: { paths: ['url', 'target', 'req', 'res', 'source'], remove: true },
    serializers: { err: describeError },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}

type Described = { type: string; code?: string; message?: string; stack?: string[]; cause?: Described }

/** An error without words that are not ours. */
function describeError(error: unknown): Described {
  if (!(error instanceof Error)) return { type: typeof error }
  const described: Described = { type: error.name }
  if ('code' in error && typeof error.code === 'string') described.code = error.code
  if (error instanceof GovernedError) described.message = error.message
  else described.stack = placesOf(error)
  if (error.cause !== undefined) described.cause = describeError(error.cause)
  return described
}

/** The stack's frames, without the message that stands above them, of which a line may look like one. */
function placesOf({ name, message, stack = '' }: Error): string[] {
  const heading = message === '' ? name : `${name}: ${message}`
  if (message !== '' && !stack.startsWith(heading)) return []
  return stack
    .slice(heading.length)
    .split('\n')
    .filter(line => /^\s+at .*(?::\d+:\d+\)?|\(<anonymous>\)|\(native\))$/.test(line))
    .slice(0, 10)
    .map(line => line.trim())
}
