import { RE2JS } from 're2js'
import { exact } from './operators.ts'
import { as, type Term } from './term.ts'

/** A function or method. The first term is what stands before the point, if anything does. */
type Compiled = { terms: number; compile: (first: Term, second: Term) => Term }

export const functions: Record<string, Compiled> = {
  size: one<string | object>('int', sizeOf),
  startsWith: test((text, start) => text.startsWith(start)),
  endsWith: test((text, end) => text.endsWith(end)),
  contains: test((text, part) => text.includes(part)),
  lowerAscii: one<string>('string', text => text.replace(/[A-Z]+/g, run => run.toLowerCase())),
  upperAscii: one<string>('string', text => text.replace(/[a-z]+/g, run => run.toUpperCase())),
  int: one<number | string>('int', value => exact(Math.trunc(numberOf(value, /^-?\d+$/)))),
  double: one<number | string>('double', value => numberOf(value, /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/)),
}

/** What a caller declares is text. Throws if it is not the text of a number. */
function numberOf(value: number | string, form: RegExp): number {
  if (typeof value === 'string' && !form.test(value)) throw new Error('The text is not a number')
  return Number(value)
}

const longestPattern = 200

/**
 * A test by RE2, which takes time in proportion to the text and to the `size` of the pattern's program. Throws if the
 * pattern is none.
 */
export function matcherOfPattern(pattern: string): { matches: (text: string) => boolean; size: number } {
  if (pattern.length > longestPattern) throw new Error(`A pattern may have ${longestPattern} characters`)
  const compiled = RE2JS.compile(pattern)
  return { matches: text => compiled.matcher(text).find(), size: compiled.programSize() }
}

function one<Given>(type: Term['type'], change: (value: Given) => unknown): Compiled {
  return {
    terms: 1,
    compile(first) {
      const given = as<Given>(first)
      return { type, run: scope => change(given(scope)) }
    },
  }
}

function test(holds: (whole: string, part: string) => boolean): Compiled {
  return {
    terms: 2,
    compile(first, second) {
      const [whole, part] = [as<string>(first), as<string>(second)]
      return { type: 'bool', run: scope => holds(whole(scope), part(scope)) }
    },
  }
}

/** Of a text, its code points, as CEL has it. */
function sizeOf(value: string | object): number {
  if (typeof value === 'string') return [...value].length
  return Array.isArray(value) ? value.length : Object.keys(value).length
}
