import type { Facts } from '../../contracts/facts.ts'

/** What a rule is judged on. `item` is the element that a macro is at. */
export type Scope = {
  readonly facts: Facts
  readonly approves: (provider: string | null) => boolean
  item: unknown
}

export type Type = 'bool' | 'int' | 'double' | 'string' | 'list' | 'map'

export type Run<Value = unknown> = (scope: Scope) => Value

/** A part of an expression, compiled. Integers are held as numbers, and refused where they would lose a digit. */
export type Term = {
  type: Type
  run: Run
  /** Of a list: the type of its elements. */
  of?: Type
  /** Of a list of literals: its elements, known beforehand. */
  elements?: readonly unknown[]
  /** Of a map: what stands for a key that is absent. */
  absent?: string | number
}

/** A term's closure, as of the type that the library has checked it to have. */
export function as<Value>({ run }: Term): Run<Value> {
  return run as Run<Value>
}
