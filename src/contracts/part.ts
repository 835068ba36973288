/** A background part of the process. Parts are started in order and stopped in reverse. */
export type Part = {
  name: string
  start(): Promise<void>
  /** Finishes what is queued, then releases everything that would keep the process alive. */
  stop(): Promise<void>
}
