import { readFile, writeFile } from 'node:fs/promises'
import { layersOf } from '../../src/policy/files/stored.ts'
import { writePolicies } from '../../src/policy/files/write.ts'
import { subcommand } from '../subcommand.ts'
import { readWith } from './read-file.ts'
import { withStores } from './stores.ts'

export const exportFile = subcommand(
  ['export [file]', 'what is in force, as a file: a new one, the one that is there brought up to date, or shown'],
  {},
  ['file'],
  ({ positionals: [path] }) =>
    withStores(async ({ policies }) => {
      const layers = layersOf(await policies.layers())
      if (path === undefined) return console.log(writePolicies(layers).trimEnd())
      const existing = await readIfThere(path)
      const text = existing === null ? writePolicies(layers) : await readWith(path, was => writePolicies(layers, was))
      if (text === existing) return console.log(`${path} says what is in force.`)
      await writeFile(path, text)
      console.log(`${path} is ${existing === null ? 'written' : 'brought up to date'}.`)
    }),
)

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
