/** What is wrong with an expression, and where. Names what the owner wrote: an expression is no content. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError'
  readonly problem: string
  /** Both count from 1. */
  readonly line: number
  readonly column: number

  constructor(problem: string, expression: string, offset: number) {
    const before = expression.slice(0, offset).split('\n')
    const line = before.length
    const column = (before.at(-1)?.length ?? 0) + 1
    super(`line ${line}, column ${column}: ${problem}`)
    this.problem = problem
    this.line = line
    this.column = column
  }
}

/** `; did you mean …?` for the nearest of the known names, or nothing if none is near. */
export function suggestion(name: string, known: Iterable<string>): string {
  let nearest: string | null = null
  let least = Math.max(2, Math.floor(name.length / 3)) + 1
  for (const candidate of known) {
    const distance = editDistance(name, candidate)
    if (distance < least) {
      least = distance
      nearest = candidate
    }
  }
  return nearest === null ? '' : `; did you mean ${nearest}?`
}

/** Levenshtein's distance, by rows. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced)
    }
    row = next
  }
  return row[b.length] ?? 0
}
