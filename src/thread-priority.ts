import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'

/** Weighs a third of what a usual thread weighs: enough to keep up with a core that calls use up. */
const nice = 5

/**
 * Has the thread that calls this give way to those that answer calls, where they share a core. On Linux, whose threads
 * have priorities of their own; elsewhere nothing changes.
 */
export function giveWay(): void {
  try {
    const thread = readlinkSync('/proc/thread-self').split('/').at(-1)
    setPriority(Number(thread), nice)
  } catch {
    // Without it work that can wait is done as soon as work that cannot.
  }
}
