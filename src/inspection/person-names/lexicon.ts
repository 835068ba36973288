/** What a word is known as; a word can be several. */
export const known = { common: 1, word: 2, first: 4, last: 8, listed: 16, place: 32 } as const

/** Any list of names. */
export const anyName = known.first | known.last | known.listed

/**
 * Slots of 16 bits: six of classes, ten of the word's hash, so that one other word in about 400 is taken for a listed
 * one.
 */
const slotCount = 3 << 17
export const lexiconSlots = slotCount
export const classBits = 6
const classMask = (1 << classBits) - 1
const fingerprintMask = (1 << (16 - classBits)) - 1

const slotOf = (hash: number) => ((hash >>> 13) * 3) >>> 2
const fingerprintOf = (hash: number) => (hash & fingerprintMask) << classBits

/** Stands for the classes of a word that were not looked up. */
export const unread = 0xff
const toRead = unread

/** The classes of a word, by linear probing from what is in its own slot. The words are not kept, only hashes. */
const classesFrom = (slots: Uint16Array, hash: number, own: number) => {
  const fingerprint = fingerprintOf(hash)
  let slot = slotOf(hash)
  for (let entry = own; entry !== 0; entry = slots[slot] ?? 0) {
    if ((entry & ~classMask) === fingerprint) return entry & classMask
    slot = (slot + 1) % slotCount
  }
  return 0
}

export const classesOf = (slots: Uint16Array, hash: number) => classesFrom(slots, hash, slots[slotOf(hash)] ?? 0)

/**
 * Looks up the words whose classes are unread. Their slots are read into `own` first, all at once, so that none waits
 * for another's to come from memory.
 */
export const readClasses = (
  slots: Uint16Array,
  { count, hash, classes }: { count: number; hash: Int32Array; classes: Uint8Array },
  own: Uint16Array,
) => {
  for (let i = 0; i < count; i++) own[i] = slots[slotOf(hash[i] ?? 0)] ?? 0
  for (let i = 0; i < count; i++) if (classes[i] === toRead) classes[i] = classesFrom(slots, hash[i] ?? 0, own[i] ?? 0)
}

export const addToLexicon = (slots: Uint16Array, hash: number, classes: number) => {
  const fingerprint = fingerprintOf(hash)
  let slot = slotOf(hash)
  while (slots[slot] !== 0 && ((slots[slot] ?? 0) & ~classMask) !== fingerprint) slot = (slot + 1) % slotCount
  slots[slot] = (slots[slot] ?? 0) | fingerprint | classes
}
