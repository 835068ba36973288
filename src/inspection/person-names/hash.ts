/** FNV-1a over UTF-16 units. */
export const hashStart = 0x811c9dc5 | 0
export const hashAdd = (hash: number, code: number) => Math.imul(hash ^ code, 0x01000193)

/** Spreads a hash over all 32 bits (the finaliser of MurmurHash3). */
export const spread = (hash: number) => {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}

/** The hash of a word in lower case, as the tokeniser computes it. */
export const hashWord = (lower: string) => {
  let hash = hashStart
  for (let i = 0; i < lower.length; i++) hash = hashAdd(hash, lower.charCodeAt(i))
  return spread(hash)
}
