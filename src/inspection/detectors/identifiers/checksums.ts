/** The value of a character: digits as they are, A is 10. */
const valueAt = (text: string, index: number) => {
  const code = text.charCodeAt(index)
  return code < 58 ? code - 48 : code - 55
}

/** The sum of each character's value times the weight at its place; weights repeat. */
export const weigh = (text: string, weights: readonly number[]) => {
  let sum = 0
  for (let i = 0; i < text.length; i++) sum += valueAt(text, i) * (weights[i % weights.length] ?? 0)
  return sum
}

const crossSum = (value: number) => (value > 9 ? Math.floor(value / 10) + (value % 10) : value)

/** As `weigh`, each product reduced to the sum of its digits. */
export const weighCrossSums = (digits: string, weights: readonly number[]) => {
  let sum = 0
  for (let i = 0; i < digits.length; i++) sum += crossSum(valueAt(digits, i) * (weights[i % weights.length] ?? 0))
  return sum
}

/** ISO/IEC 7812-1 annex B, of the digits between `start` and `end`, whatever stands between them. */
export const passesLuhn = (text: string, start = 0, end = text.length) => {
  let sum = 0
  let double = false
  for (let i = end - 1; i >= start; i--) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) continue
    sum += double ? crossSum(digit * 2) : digit
    double = !double
  }
  return sum % 10 === 0
}

/** ISO/IEC 7064, MOD 97-10, over characters in base 36. */
export const passesMod97 = (text: string) => {
  let rest = 0
  for (let i = 0; i < text.length; i++) {
    const value = valueAt(text, i)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest === 1
}

/** ISO/IEC 7064, MOD 11,10: hybrid system of two moduli. */
export const passesMod1110 = (digits: string) => {
  let product = 10
  for (let i = 0; i < digits.length - 1; i++) {
    const sum = (valueAt(digits, i) + product) % 10 || 10
    product = (sum * 2) % 11
  }
  return (11 - product) % 10 === valueAt(digits, digits.length - 1)
}

/** Multiplication in the dihedral group D5. */
const dihedral = (a: number, b: number) => {
  if (a < 5) return b < 5 ? (a + b) % 5 : ((a + b) % 5) + 5
  return b < 5 ? ((a - b + 5) % 5) + 5 : (a - b + 5) % 5
}

const verhoeffPermutations = (() => {
  const permutations = ['0123456789']
  const step = '1576283094'
  for (let i = 1; i < 8; i++)
    permutations.push([...(permutations[i - 1] ?? '')].map(digit => step.charAt(Number(digit))).join(''))
  return permutations
})()

/** J. Verhoeff, Error Detecting Decimal Codes, 1969. */
export const passesVerhoeff = (digits: string) => {
  let check = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = valueAt(digits, digits.length - 1 - i)
    check = dihedral(check, Number(verhoeffPermutations[i % 8]?.charAt(digit)))
  }
  return check === 0
}

/** Weights 7, 3, 1 of machine-readable travel documents. Source: ICAO Doc 9303-3, 4.9. */
export const passesTravelDocument = (text: string) =>
  weigh(text.slice(0, -1), [7, 3, 1]) % 10 === valueAt(text, text.length - 1)

const daysOf = (month: number) => (month === 2 ? 29 : [4, 6, 9, 11].includes(month) ? 30 : 31)

export const isDay = (month: number, day: number) => month >= 1 && month <= 12 && day >= 1 && day <= daysOf(month)

/** True if `digits` hold a month and a day from `at` on. */
export const hasMonthAndDay = (digits: string, at: number) =>
  isDay(Number(digits.slice(at, at + 2)), Number(digits.slice(at + 2, at + 4)))

/** True if `digits` hold a day and a month from `at` on. */
export const hasDayAndMonth = (digits: string, at: number) =>
  isDay(Number(digits.slice(at + 2, at + 4)), Number(digits.slice(at, at + 2)))
