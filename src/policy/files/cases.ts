import { z } from 'zod'
import { faultsOf } from './faults.ts'
import { partialFacts } from './partial-facts.ts'
import { FileError, type FileFault, readYaml } from './yaml.ts'

const ruleIds = z.array(z.string().max(128))

/** What a decision must be. Only what is given is compared. */
const expected = z
  .strictObject({
    allowed: z.boolean(),
    reason: z.string().optional().describe('The reason that weighed most; `ok` if the call is allowed.'),
    score: z.int().min(0).optional().describe('The risk score.'),
    rules: ruleIds
      .optional()
      .describe('Every rule that speaks, in any order, those of the built-in policies included.'),
    shadow: ruleIds.optional().describe('Every rule in shadow mode that would have spoken.'),
  })
  .describe('What the decision must be. Only what is given is compared.')

const oneCase = z.strictObject({
  name: z.string().min(1),
  customer: z.string().optional().describe('Judge by the policies of this customer. Without it, by those of everyone.'),
  facts: partialFacts.optional().describe('What the call carries; what is left out is that of a harmless call.'),
  expect: expected,
})

/** The form of `policies.test.yaml`. */
export const casesFile = z
  .strictObject({
    $schema: z.string().optional().describe('Where editors find the JSON Schema of this file.'),
    cases: z.array(oneCase).min(1).max(10_000),
  })
  .meta({ title: 'Tests of policies' })

export type PolicyCase = z.infer<typeof oneCase> & Pick<FileFault, 'line'>

/** Reads the cases, each with the line on which it begins. Throws `FileError`. */
export function readCases(text: string): PolicyCase[] {
  const { value, at } = readYaml(text)
  const parsed = casesFile.safeParse(value ?? {})
  if (!parsed.success) throw new FileError(parsed.error.issues.flatMap(issue => faultsOf(issue, at)))
  return parsed.data.cases.map((item, index) => ({ ...item, line: at(['cases', index]).line }))
}
