import { readFile } from 'node:fs/promises'
import { FileError } from '../../src/policy/files/yaml.ts'

/**
 * Reads a file with one of the readers of `src/policy/files`; faults come as `file:line:column: problem`, a line each.
 */
export async function readWith<T>(path: string, read: (text: string) => T): Promise<T> {
  const text = await readFile(path, 'utf8')
  try {
    return read(text)
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    throw new Error(error.faults.map(({ line, column, problem }) => `${path}:${line}:${column}: ${problem}`).join('\n'))
  }
}

export const defaultFile = 'policies.yaml'

/** The tests beside a file: `policies.test.yaml` beside `policies.yaml`. */
export function testsOf(path: string): string {
  return path.replace(/(\.\w+)?$/, '.test$1')
}
