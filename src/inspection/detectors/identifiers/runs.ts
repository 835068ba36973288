import { type Units, unitBefore } from '../../units.ts'
import type { Reading } from '../detector.ts'
import { digitRun, type FormTree, letterRun, maxRun, maxRuns, mixedRun, runCode } from './written-forms.ts'

const separatorClass = 1
const letterClass = 2
const digitClass = 4
/** Touches a run and makes it a part of something else: `_` and the Latin letters beyond ASCII. */
const alienClass = 8

const classOf = (() => {
  const table = new Uint8Array(65_536)
  for (const character of ' -./+') table[character.charCodeAt(0)] = separatorClass
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

const classAt = (units: Units, at: number) => classOf[units[at] ?? 0] ?? 0
const classBefore = (units: Units, at: number) => classOf[unitBefore(units, at)] ?? 0

/** Where runs that are joined to the digit begin, as many as a form can have, but not before `floor`. */
const startOfChain = (units: Units, digit: number, floor: number) => {
  let runs = 1
  let at = digit
  for (; at > floor; at--) {
    const before = classBefore(units, at)
    if (before >= letterClass) continue
    if (before !== separatorClass || runs++ === maxRuns || classBefore(units, at - 1) < letterClass) break
  }
  return at
}

type OnForms = (leaf: FormTree, start: number, end: number) => void

/** The last runs of a chain, as many as a form can have. */
type LastRuns = { starts: Uint32Array; codes: Uint32Array }

/** Tells of the forms in runs that single separators join, from `at` until none can hold a digit. Returns the end. */
const walkChain = (units: Units, from: number, tree: FormTree, { starts, codes }: LastRuns, onForms: OnForms) => {
  let sinceDigit = 0
  for (let count = 0, at = from; ; count++, at++) {
    const start = at
    let seen = 0
    for (let next = classAt(units, at); next >= letterClass; next = classAt(units, ++at)) seen |= next
    sinceDigit = (seen & digitClass) !== 0 ? 0 : sinceDigit + 1
    starts[count % maxRuns] = start
    codes[count % maxRuns] = codeOfRun(at - start, seen)
    let leaf: FormTree | undefined = tree
    for (let back = count; back >= 0 && back > count - maxRuns; back--) {
      leaf = leaf.before[codes[back % maxRuns] ?? 0]
      if (leaf === undefined) break
      if (leaf.forms.length > 0) onForms(leaf, starts[back % maxRuns] ?? 0, at)
    }
    const goesOn = classAt(units, at) === separatorClass && classAt(units, at + 1) >= letterClass
    if (!goesOn || (sinceDigit >= maxRuns && count >= maxRuns)) return at
  }
}

/**
 * Tells where runs of letters and digits that single separators join have the lengths and kinds of a written form.
 * Looks only around digits, since every form holds one, and at each character at most twice.
 */
export const walkRuns = ({ units, numbers }: Reading, tree: FormTree, onForms: OnForms) => {
  const runs = { starts: new Uint32Array(maxRuns), codes: new Uint32Array(maxRuns) }
  let lastEnd = 0
  for (const digit of numbers) {
    if (digit < lastEnd) continue
    lastEnd = walkChain(units, startOfChain(units, digit, lastEnd), tree, runs, onForms)
  }
}
