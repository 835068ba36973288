import { digitRun, type FormTree, letterRun, maxRun, maxRuns, mixedRun, runCode } from './written-forms.ts'

const separatorClass = 1
const letterClass = 2
const digitClass = 4
/** Touches a run and makes it a part of something else: `_` and the Latin letters beyond ASCII. */
const alienClass = 8

const classOf = (() => {
  const table = new Uint8Array(65_536)
  for (const character of ' -./') table[character.charCodeAt(0)] = separatorClass
  table.fill(digitClass, 48, 58)
  table.fill(letterClass, 65, 91)
  table.fill(letterClass, 97, 123)
  table.fill(alienClass, 0xc0, 0x250)
  table[95] = alienClass
  return table
})()

const codeOfRun = (length: number, seen: number) => {
  if (length > maxRun || seen >= alienClass) return 0
  if (seen === letterClass) return runCode(length, letterRun)
  return runCode(length, seen === digitClass ? digitRun : mixedRun)
}

/**
 * Reads a text once, run by run of letters and digits, and tells where runs that are joined by single separators have
 * the lengths and kinds of a written form that holds a digit. The longest are told last.
 */
export const walkRuns = (
  text: string,
  tree: FormTree,
  onForms: (leaf: FormTree, start: number, end: number) => void,
) => {
  const starts = new Int32Array(maxRuns)
  const codes = new Int32Array(maxRuns)
  /** How many runs are joined up to here, and how many ago the last digit was. */
  let joined = 0
  let sinceDigit = maxRuns
  let count = 0
  let previousEnd = -2
  for (let at = 0; at < text.length; ) {
    if ((classOf[text.charCodeAt(at)] ?? 0) < letterClass) {
      at++
      continue
    }
    const start = at
    let seen = 0
    for (; at < text.length; at++) {
      const characterClass = classOf[text.charCodeAt(at)] ?? 0
      if (characterClass < letterClass) break
      seen |= characterClass
    }
    const isJoined = start === previousEnd + 1 && classOf[text.charCodeAt(previousEnd)] === separatorClass
    joined = isJoined ? joined + 1 : 1
    sinceDigit = (seen & digitClass) !== 0 ? 0 : sinceDigit + 1
    previousEnd = at
    starts[count % maxRuns] = start
    codes[count % maxRuns] = codeOfRun(at - start, seen)
    if (sinceDigit < maxRuns && sinceDigit < joined) {
      let leaf: FormTree | undefined = tree
      for (let back = 0; back < maxRuns && back < joined; back++) {
        leaf = leaf.before[codes[(count - back + maxRuns) % maxRuns] ?? 0]
        if (leaf === undefined) break
        if (leaf.forms.length > 0) onForms(leaf, starts[(count - back + maxRuns) % maxRuns] ?? 0, at)
      }
    }
    count++
  }
}
