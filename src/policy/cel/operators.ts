import { as, type Term } from './term.ts'

type Binary = (left: Term, right: Term) => Term

/** Operators between two values. Types are those that the library has checked. */
export const operators = {
  '==': equality(true),
  '!=': equality(false),
  '<': compare((a, b) => a < b),
  '<=': compare((a, b) => a <= b),
  '>': compare((a, b) => a > b),
  '>=': compare((a, b) => a >= b),
  '+': (left: Term, right: Term) =>
    left.type === 'string'
      ? concatenation(left, right)
      : arithmetic(
          (a, b) => a + b,
          (a, b) => a + b,
        )(left, right),
  '-': arithmetic(
    (a, b) => a - b,
    (a, b) => a - b,
  ),
  '*': arithmetic(
    (a, b) => a * b,
    (a, b) => a * b,
  ),
  '/': arithmetic(
    (a, b) => Math.trunc(a / nonZero(b)),
    (a, b) => a / b,
  ),
  '%': arithmetic(
    (a, b) => a % nonZero(b),
    (a, b) => a % b,
  ),
  in: membership,
} satisfies Record<string, Binary>

export function negated(term: Term): Term {
  const run = as<number>(term)
  return { type: term.type, run: scope => 0 - run(scope) }
}

function equality(wanted: boolean): Binary {
  return function sameness(left, right) {
    if (left.type !== 'list') return compare((a, b) => (a === b) === wanted)(left, right)
    const [a, b] = [as<readonly unknown[]>(left), as<readonly unknown[]>(right)]
    return { type: 'bool', run: scope => isSameList(a(scope), b(scope)) === wanted }
  }
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((element, index) => element === b[index])
}

function compare(holds: (a: number, b: number) => boolean): Binary {
  return function comparison(left, right) {
    const [a, b] = [as<number>(left), as<number>(right)]
    return { type: 'bool', run: scope => holds(a(scope), b(scope)) }
  }
}

function arithmetic(ints: (a: number, b: number) => number, doubles: (a: number, b: number) => number): Binary {
  return function calculation(left, right) {
    const [a, b] = [as<number>(left), as<number>(right)]
    if (left.type !== 'int') return { type: left.type, run: scope => doubles(a(scope), b(scope)) }
    return { type: 'int', run: scope => exact(ints(a(scope), b(scope))) }
  }
}

function concatenation(left: Term, right: Term): Term {
  const [a, b] = [as<string>(left), as<string>(right)]
  return {
    type: 'string',
    run(scope) {
      const text = a(scope) + b(scope)
      if (text.length > longestText) throw new Error('A text became too long')
      return text
    },
  }
}

/** Of what is put together, in characters. */
const longestText = 1000

function membership(left: Term, right: Term): Term {
  const sought = as<string>(left)
  if (right.elements !== undefined) {
    const elements = new Set(right.elements)
    return { type: 'bool', run: scope => elements.has(sought(scope)) }
  }
  if (right.type === 'map') {
    const map = as<object>(right)
    return { type: 'bool', run: scope => Object.hasOwn(map(scope), sought(scope)) }
  }
  const list = as<readonly unknown[]>(right)
  return { type: 'bool', run: scope => list(scope).includes(sought(scope)) }
}

/** `-0` is `0`: there is one zero among integers. Throws where one would lose a digit. */
export function exact(result: number): number {
  if (!Number.isSafeInteger(result)) throw new Error('An integer overflowed')
  return result + 0
}

function nonZero(divisor: number): number {
  if (divisor === 0) throw new Error('A division by zero')
  return divisor
}
