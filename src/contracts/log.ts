import type { BaseLogger } from 'pino'

/** What a part needs of a logger. Fields hold ids, counts and codes, never content. */
export type Log = Pick<BaseLogger, 'debug' | 'info' | 'warn' | 'error'>
