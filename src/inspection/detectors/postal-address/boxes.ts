import type { Span } from '../detector.ts'

/** Source: USPS Publication 28, section 238, military addresses. */
const militaryPost = /(?<!\w)[ADF]PO,? A[AEP],? $/i
const militaryUnit =
  /(?<!\w)(?:(?:PSC|Unit) \d{1,6},? Box \d{1,6}|US[A-Z]{1,3} \p{L}[\p{L}\p{M}'-]{1,29}),?[ \n>?]{1,8}$/iu

/** Source: USPS Publication 28, section 28, and the Universal Postal Union for other languages. */
const postOfficeBox =
  /(?<!\w)(?:P\. ?O\. ?Box|P\.?O\.? Box|Post Office Box|Postfach|Apartado(?: de Correos)?|Casella Postale|Bo[iî]te Postale|Caixa Postal) #?$/i
/** Its last letter, asked first. */
const finalLetters = new Set([...'xhoselXHOSEL'].map(letter => letter.charCodeAt(0)))

const startIn = (text: string, end: number, length: number, pattern: RegExp) => {
  const from = Math.max(0, end - length)
  const match = pattern.exec(text.slice(from, end))
  return match === null ? undefined : from + match.index
}

/** A box of a post office, or a military unit and its post office, that a number ends. */
export const boxAt = (text: string, { start, end }: Span): Span | undefined => {
  if (text.charCodeAt(start - 1) !== 32 && text.charCodeAt(start - 1) !== 35) return undefined
  const post = end - start === 5 ? startIn(text, start, 10, militaryPost) : undefined
  if (post !== undefined) return { start: startIn(text, post, 48, militaryUnit) ?? post, end }
  const wordEnd = text.charCodeAt(start - 1) === 35 ? start - 2 : start - 1
  if (!finalLetters.has(text.charCodeAt(wordEnd - 1))) return undefined
  const box = startIn(text, start, 24, postOfficeBox)
  return box === undefined ? undefined : { start: box, end }
}
