import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { jsonSchemas } from '../../src/policy/files/schemas.ts'
import { subcommand } from '../subcommand.ts'

const folder = fileURLToPath(new URL('../../docs/schemas/', import.meta.url))

export const schema = subcommand(
  ['schema', 'writes the JSON Schemas of both files to docs/schemas'],
  {},
  [],
  async () => {
    for (const [name, text] of Object.entries(jsonSchemas)) await writeFile(join(folder, name), text())
    console.log(`Written: ${Object.keys(jsonSchemas).join(', ')}.`)
  },
)
