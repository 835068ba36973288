/** What a verification can find. */
const findingKinds = [
  /** A record does not hash to its leaf. */
  'edited',
  /** There is no record, and no pruning took it; or a checkpoint that was kept outside is not stored any more. */
  'removed',
  /** A row without a leaf, or a second one for its place, or one that a pruning had taken. */
  'inserted',
  /** A record that belongs to another leaf, or a line that belongs elsewhere. */
  'reordered',
  /** A checkpoint or a pruning knows more leaves than the log has: `index` are there, of `end`. */
  'cut_off',
  /** The root at size `end` is not the signed one; at size `index` it was, or nothing was. */
  'rewritten',
  /** A checkpoint that proves nothing. */
  'bad_signature',
  /** Leaves after the last checkpoint that should have one by now. */
  'unsigned',
  /** Leaves that the stream does not have. */
  'gap',
] as const
export type FindingKind = (typeof findingKinds)[number]

/** More about a finding, in words of ours. */
export type FindingDetail =
  | 'malformed'
  | 'unknown_key'
  | 'wrong_signature'
  | 'another_log'
  | 'misplaced'
  | 'duplicate'
  | 'pruned'
  | 'checkpoint'
  | 'no_start'
  | 'unknown_log'

/** What is wrong, and where. Holds nothing of a record but a decision's id. */
export type Finding = {
  kind: FindingKind
  log: string | null
  /** First leaf, or the size that a checkpoint or root is about. */
  index: number | null
  /** After the last leaf; null if the finding is about `index` only. */
  end: number | null
  /** Decision or pruning id, where known. */
  id: string | null
  detail: FindingDetail | null
  /** Of a `reordered` record: where it belongs. */
  belongs: { log: string; index: number } | null
}

export type Findings = {
  add(finding: Pick<Finding, 'kind' | 'log' | 'index'> & Partial<Finding>): void
  /**
   * A record that hashes to `hash`, not to `leaf`: reordered if that is the leaf of another such record, else edited.
   */
  mismatch(finding: { log: string; index: number; id: string | null }, leaf: Buffer, hash: Buffer | null): void
  /** All that was found, the first `limit` of it in full. */
  finish(): { findings: Finding[]; found: Record<FindingKind, number> }
}

/** Collects findings. Holds no more than `limit` of them, and counts the rest. */
export function createFindings(limit: number): Findings {
  const findings: Finding[] = []
  const found = Object.fromEntries(findingKinds.map(kind => [kind, 0])) as Record<FindingKind, number>
  const mismatches: { finding: Finding; leaf: string; hash: string | null }[] = []

  function add(given: Parameters<Findings['add']>[0]): Finding | null {
    found[given.kind]++
    if (findings.length >= limit) return null
    const finding = { end: null, id: null, detail: null, belongs: null, ...given }
    findings.push(finding)
    return finding
  }

  return {
    add,
    mismatch(place, leaf, hash) {
      const finding = add({ ...place, kind: 'edited' })
      if (finding === null) return
      mismatches.push({ finding, leaf: leaf.toString('latin1'), hash: hash?.toString('latin1') ?? null })
    },
    finish() {
      const places = new Map(mismatches.map(({ finding: { log, index }, leaf }) => [leaf, { log, index }]))
      for (const { finding, hash } of mismatches) {
        const { log = null, index = null } = places.get(hash ?? '') ?? {}
        if (log === null || index === null) continue
        finding.kind = 'reordered'
        finding.belongs = { log, index }
        found.edited--
        found.reordered++
      }
      return { findings, found }
    },
  }
}
