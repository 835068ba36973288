/** Shannon entropy of a string's characters, in bits a character. */
const entropy = (value: string) => {
  const counts = new Map<string, number>()
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length)
  return bits
}

/** Sixteen random hexadecimal digits seldom have less; words and paths in ASCII seldom have 3.5 within so few. */
const leastEntropy = 2.8

const word = /^(?:[a-z]{2,}|[A-Z]{2,}|[A-Z][a-z]+|\d{1,4}|v\d+)$/

/** True for names that people make: `my-service-prod-2`, `ProductionDatabase.Main`, `path/to/file`. */
const isWordy = (value: string) => {
  const parts = value.split(/[^0-9A-Za-z]+|(?<=[a-z])(?=[A-Z])/).filter(part => part !== '')
  return parts.every(part => word.test(part))
}

/** True for what a generator of keys may have written: letters and digits, varied, and not words side by side. */
export const isRandom = (value: string) =>
  /\d/.test(value) && /[A-Za-z]/.test(value) && entropy(value) >= leastEntropy && !isWordy(value)
