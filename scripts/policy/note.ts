import { userInfo } from 'node:os'
import type { ChangeNote } from '../../src/policy/versions.ts'
import { CommandError } from '../command.ts'

/** Options of every command that changes policies. */
export const noteOptions = {
  note: { type: 'string' },
  author: { type: 'string' },
  expect: { type: 'string' },
} as const

type Said = { note?: string | undefined; author?: string | undefined; expect?: string | undefined }

/** One line, which a terminal shows as it is. */
const line = /^\P{C}{0,500}$/u

/** Who changes what, and why: by default the user of this machine. */
export function noteOf({ note = '', author = userName(), expect }: Said): ChangeNote {
  if (!line.test(author) || !line.test(note))
    throw new CommandError('--author and --note must be one line of 500 characters at most.')
  return { author, note, expectedVersion: expect === undefined ? undefined : versionNumber(expect, '--expect') }
}

/** A version's number. Throws a `CommandError` that names what was given it. */
export function versionNumber(given: string | undefined, name: string): number {
  if (given === undefined || !/^\d{1,9}$/.test(given))
    throw new CommandError(`${name} must be the number of a version: see "npm run policy -- history".`)
  return Number(given)
}

/** In a container, a user may have an id and no name: `userInfo` throws then. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return 'unknown'
  }
}
