import type { Rule } from './rule.ts'

/** Whose call it is, and which. All three are recorded, so that a share can be drawn again as it was. */
export type Ids = { customer: string; key: string; call: string }

export type Share = (ids: Ids) => boolean

/** Whether a rule is for a call. Sticky: the same unit is always in the share, and stays in it when the share grows. */
export function shareOf({ id, rollout }: Pick<Rule, 'id' | 'rollout'>): Share {
  if (rollout === undefined) return () => true
  const { percent, by, from, experiment = id } = rollout
  if (percent === 100) return () => true
  return function isInShare(ids) {
    const place = (hashOf(`${experiment}:${ids[by]}`) / 2 ** 32) * 100
    return place >= from && place < from + percent
  }
}

/** FNV-1a of 32 bits, with the last steps of MurmurHash3 to spread what differs at the end only. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
