import { Environment } from '@marcbachmann/cel-js'
import { paths, vocabulary } from '../vocabulary.ts'

/** What an expression may be at most. A rule that real teams write has some 20 nodes. */
export const longestExpression = 2000
const limits = { maxAstNodes: 400, maxDepth: 24, maxListElements: 200, maxMapEntries: 1, maxCallArguments: 4 }

/** The library's view of the vocabulary: it parses and checks types. It does not judge (see `closures.ts`). */
export const environment = createEnvironment()

function createEnvironment(): Environment {
  const created = new Environment({ limits })
  const schemas: Record<string, Record<string, string>> = {}
  for (const path of paths) {
    const [root = path, member] = path.split('.')
    const { type } = vocabulary[path]
    if (member === undefined) created.registerVariable(root, type)
    else schemas[root] = { ...schemas[root], [member]: type }
  }
  for (const [name, schema] of Object.entries(schemas)) created.registerVariable({ name, schema })
  return created
}
