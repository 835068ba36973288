import { isEmptyWord, isPlaceholder } from './placeholders.ts'
import { isRandom } from './randomness.ts'

/** A variable, a property, a call or an index: what code has where a value would be. */
const isCode = (value: string) =>
  /^[A-Za-z_$][\w$]*(?:(?:\.|->|::)[A-Za-z_$][\w$]*)+$|^[A-Za-z_$][\w$]*[([]/.test(value)

const leastKeyLength = 16

/** What a generator of keys may have written. */
export const isToken = (value: string) =>
  value.length >= leastKeyLength &&
  /^[\w.~+/=:-]+$/.test(value) &&
  isRandom(value) &&
  !isPlaceholder(value) &&
  !isCode(value)

/** Words of which identifiers are made, joined and perhaps numbered: the name of a field, not what is typed into it. */
const isIdentifier = (value: string) =>
  /^[A-Za-z]+(?:[_-][A-Za-z]+)+\d?$|^[a-z]+\d?$|^[a-z]+(?:[A-Z][a-z]+)+\d?$/.test(value)

/** What a person may have chosen: letters with digits or marks among them, or six digits and more. */
export const isPassword = (value: string) => {
  if (value.length < 6 || /\s/.test(value) || isPlaceholder(value) || isEmptyWord(value)) return false
  if (/^\d+$/.test(value)) return true
  if (isIdentifier(value) || isCode(value)) return false
  return /\p{L}/u.test(value) && (/\d/.test(value) || /[!@#$%^&*+=?~|]/.test(value))
}
