import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { jsonSchemas } from '../../src/policy/files/schemas.ts'

const folder = fileURLToPath(new URL('../../docs/schemas/', import.meta.url))

/** `schema`: writes the JSON Schemas of both files to docs/schemas. */
export async function schema(args: string[]): Promise<void> {
  parseArgs({ args })
  for (const [name, text] of Object.entries(jsonSchemas)) await writeFile(join(folder, name), text())
  console.log(`Written: ${Object.keys(jsonSchemas).join(', ')}.`)
}
