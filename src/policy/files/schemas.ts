import { z } from 'zod'
import { casesFile } from './cases.ts'
import { policiesFile } from './policies.ts'

/** JSON Schemas of the files that owners write, by the name under which editors find them. */
export const jsonSchemas = {
  'policies.schema.json': () => jsonSchemaOf(policiesFile),
  'policies-test.schema.json': () => jsonSchemaOf(casesFile),
}

/** Draft 7 is what YAML language servers know best. */
function jsonSchemaOf(schema: z.ZodType): string {
  return `${JSON.stringify(z.toJSONSchema(schema, { target: 'draft-7', io: 'input' }), null, 2)}\n`
}
