const letters = 8
/** Stands where a new word is to stand. */
export const placeholder = 'x'.repeat(letters)

let given = 0

/** A word as long as the placeholder that was not given before. */
export function newWord(): string {
  let word = ''
  for (let left = given++; word.length < letters; left = Math.floor(left / 26))
    word += String.fromCharCode(97 + (left % 26))
  return word
}
