/** What a word is known as; a word can be several. */
export const known = { common: 1, word: 2, first: 4, last: 8, listed: 16, place: 32 } as const

/** Any list of names. */
export const anyName = known.first | known.last | known.listed

/** Slots of 16 bits: six of classes, ten of the word's hash, so that one other word in about 400 is taken for a listed one. */
export const lexiconSlots = 3 << 17
const classBits = 6
const classMask = (1 << classBits) - 1
const fingerprintMask = (1 << (16 - classBits)) - 1

const slotOf = (hash: number) => ((hash >>> 13) * 3) >>> 2
const fingerprintOf = (hash: number) => (hash & fingerprintMask) << classBits

/** What is in a word's own slot. Read for many words at once, so that none waits for another's to come from memory. */
export const entryOf = (slots: Uint16Array, hash: number) => slots[slotOf(hash)] ?? 0

/** The classes of a word, by linear probing from the entry of its slot. The words themselves are not kept, only hashes. */
export const classesOf = (slots: Uint16Array, hash: number, own = entryOf(slots, hash)) => {
  const fingerprint = fingerprintOf(hash)
  let slot = slotOf(hash)
  for (let entry = own; entry !== 0; entry = slots[slot] ?? 0) {
    if ((entry & ~classMask) === fingerprint) return entry & classMask
    slot = (slot + 1) % lexiconSlots
  }
  return 0
}

export const addToLexicon = (slots: Uint16Array, hash: number, classes: number) => {
  const fingerprint = fingerprintOf(hash)
  let slot = slotOf(hash)
  while (slots[slot] !== 0 && ((slots[slot] ?? 0) & ~classMask) !== fingerprint) slot = (slot + 1) % lexiconSlots
  slots[slot] = (slots[slot] ?? 0) | fingerprint | classes
}
