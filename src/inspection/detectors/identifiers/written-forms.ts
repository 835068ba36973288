import type { Identifier } from './identifier.ts'

/** One written form of an identifier, ready to be tested. */
export type WrittenForm = { identifier: Identifier; test: RegExp; context: RegExp }

/** Forms by the runs of letters and digits that they consist of, from the last run to the first. */
export type FormTree = { forms: WrittenForm[]; before: (FormTree | undefined)[] }

export const letterRun = 1
export const digitRun = 2
export const mixedRun = 3

/** Longer runs are in no identifier. */
export const maxRun = 24

/** More runs than any form has. */
export const maxRuns = 5

/** A number for a run's length and kind. */
export const runCode = (length: number, kind: number) => length * 4 + kind

const characters: Readonly<Record<string, string>> = { A: '[A-Z]', '9': '\\d', X: '[A-Z\\d]' }

const testOf = (form: string) => {
  let separated = false
  const source = form.replace(/./g, character => {
    const known = characters[character]
    if (known !== undefined) return known
    if (character !== ' ') return `\\${character}`
    if (separated) return '\\1'
    separated = true
    return '([ -])'
  })
  return new RegExp(`^${source}$`, 'i')
}

/** Scripts that put no space between words have no boundaries to ask for; words of four letters or fewer are whole. */
const contextOf = (words: string) => {
  const whole = words.split('|').map(word => (/^[\p{Script=Latin}.]{1,4}$/u.test(word) ? `${word}(?![a-z])` : word))
  return new RegExp(`(?<![a-z\\u00c0-\\u024f])(?:${whole.join('|')})`, 'i')
}

const kindsOf = (group: string) => {
  const kinds: number[] = []
  if (!group.includes('9')) kinds.push(letterRun)
  if (!group.includes('A')) kinds.push(digitRun)
  if (group.includes('X') || kinds.length === 0) kinds.push(mixedRun)
  return kinds
}

const leavesFor = (root: FormTree, form: string) => {
  let leaves = [root]
  for (const group of form.split(/[^A9X]/).reverse())
    leaves = leaves.flatMap(leaf =>
      kindsOf(group).map(kind => {
        leaf.before[runCode(group.length, kind)] ??= { forms: [], before: [] }
        return leaf.before[runCode(group.length, kind)] ?? leaf
      }),
    )
  return leaves
}

export const toTree = (identifiers: readonly Identifier[]): FormTree => {
  const root: FormTree = { forms: [], before: [] }
  for (const identifier of identifiers) {
    const context = contextOf(identifier.words)
    for (const form of identifier.forms) {
      const written = { identifier, context, test: testOf(form) }
      for (const leaf of leavesFor(root, form)) leaf.forms.push(written)
    }
  }
  return root
}
