import { as, type Run, type Term } from './term.ts'

/**
 * Tests of the elements of a list, or of the keys of a map. An error at one element is forgotten if another settles
 * the matter, as CEL has it. They cannot be nested, so each looks at what a caller made only once.
 */
export const macros: Record<string, (of: Term, holds: Run<boolean>) => Run<boolean>> = {
  exists: (of, holds) => settledBy(true, of, holds),
  all: (of, holds) => settledBy(false, of, holds),
  exists_one(of, holds) {
    const items = itemsOf(of)
    return function existsOne(scope) {
      let found = 0
      for (const item of items(scope)) {
        scope.item = item
        if (holds(scope)) found++
      }
      return found === 1
    }
  },
}

function settledBy(result: boolean, of: Term, holds: Run<boolean>): Run<boolean> {
  const items = itemsOf(of)
  return function settle(scope) {
    let failure: unknown
    for (const item of items(scope)) {
      scope.item = item
      try {
        if (holds(scope) === result) return result
      } catch (error) {
        failure ??= error
      }
    }
    if (failure !== undefined) throw failure
    return !result
  }
}

function itemsOf(of: Term): Run<readonly unknown[]> {
  const given = as<object>(of)
  return of.type === 'map' ? scope => Object.keys(given(scope)) : (given as Run<readonly unknown[]>)
}
