import type { ASTNode, ParseResult } from '@marcbachmann/cel-js'
import { compileTree, type Found } from './closures.ts'
import { environment, longestExpression } from './environment.ts'
import { ExpressionError } from './fault.ts'
import { as, type Run } from './term.ts'

/** A rule's condition, compiled. */
export type Expression = {
  /** Throws when it cannot be judged: a figure is not known, a number overflows, an index is out of bounds. */
  holds: Run<boolean>
  /** The facts that it reads. */
  reads: ReadonlySet<string>
  ast: ASTNode
}

/** Parses, checks and compiles a condition. Throws `ExpressionError`, whatever is wrong with it. */
export function compileExpression(text: string): Expression {
  if (text.length > longestExpression) {
    throw new ExpressionError(`a condition may have ${longestExpression} characters`, text, longestExpression)
  }
  const parsed = explained(text, () => environment.parse(text)) as ParseResult
  const found: Found = { reads: new Set(), patterns: 0 }
  // Ours comes first: of a name that it does not know, it can say which one was meant.
  const term = explained(text, () => compileTree(parsed.ast, found))
  const { valid, type, error } = parsed.check()
  if (!valid) throw asFault(error, text)
  if (type !== 'bool') throw new ExpressionError(`a condition is true or false, and this is of type ${type}`, text, 0)
  return { holds: as<boolean>(term), reads: found.reads, ast: parsed.ast }
}

function explained<Result>(text: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw asFault(error, text)
  }
}

/** The library's own errors in our form. Their summaries speak of types and tokens. */
function asFault(error: unknown, text: string): ExpressionError {
  if (error instanceof ExpressionError) return error
  const { summary = 'cannot be read', range } = error as { summary?: string; range?: { start: number } }
  return new ExpressionError(summary, text, range?.start ?? 0)
}
