/**
 * When a record is on stable storage. `group`: within some 50 ms, in the background; a killed process loses nothing, a
 * machine that loses power what it was told in that time. `always`: before the call goes out; calls share a flush.
 */
export const syncModes = ['group', 'always'] as const
export type SyncMode = (typeof syncModes)[number]

/**
 * Where checkpoints go besides the database and the data directory: the log, a file, or a web address that takes POST.
 */
export type CheckpointPlace = { kind: 'log' } | { kind: 'file'; path: string } | WebPlace

/** `authorization` is the header for a name and a password (RFC 7617), which the address itself does not hold. */
export type WebPlace = { kind: 'web'; url: string; authorization: string | null }
