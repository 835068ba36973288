import type { CheckpointPlace } from '../../contracts/audit.ts'
import type { Log } from '../../contracts/log.ts'

/** What the courier's thread is started with. */
export type CourierTask = {
  databaseUrl: string
  /** The instance's directory, and the first segment that this process writes in it. */
  directory: string
  firstLive: number
  /** Directories of instances that are gone. */
  leftOver: readonly string[]
  /** Directory of the checkpoints. */
  checkpoints: string
  /** Private key, PKCS #8 in PEM. */
  signingKey: string
  publishTo: readonly CheckpointPlace[]
  /** 1 while the courier wants to be told of the next line. Shared. */
  bell: Int32Array<SharedArrayBuffer>
  /** All lines that were there at this time are stored: milliseconds since 1970. Shared. */
  caughtUpAt: Float64Array<SharedArrayBuffer>
}

export type ToCourier = 'ring' | 'stop'

export type FromCourier =
  | { kind: 'log'; level: keyof Log; fields: object; text: string }
  | { kind: 'freed'; bytes: number }
  /** The courier is done with the directory of an instance that is gone. */
  | { kind: 'left'; directory: string }
