import { z } from 'zod'
import { type PolicyKey, policyKeys } from '../../contracts/decision.ts'
import { policyDocuments } from '../documents.ts'
import { faultsOf, faultsTogether } from './faults.ts'
import { FileError, readYaml, type YamlFile } from './yaml.ts'

/** What is set in one place: documents by key, with the fields that are given. */
export type Layer = Partial<Record<PolicyKey, object>>

/** Every layer: what holds for everyone, and what differs for customers, by their e-mail address. */
export type Layers = { everyone: Layer; customers: Record<string, Layer> }

/** A file. A section that is not there says nothing; one that is there says all. */
export type PoliciesFile = Partial<Layers>

const layer = z
  .strictObject(
    Object.fromEntries(policyKeys.map(key => [key, partial(key)])) as Record<PolicyKey, z.ZodOptional<z.ZodObject>>,
  )
  .meta({ id: 'layer' })

const email = z.string().regex(/^[^\sA-Z@]+@[^\sA-Z@]+$/, 'must be an e-mail address in lower case')

/** The form of `policies.yaml`. What the documents say together is checked besides: `readPolicies`. */
export const policiesFile = z
  .strictObject({
    $schema: z.string().optional().describe('Where editors find the JSON Schema of this file.'),
    everyone: layer.nullable().optional().describe('What holds for everyone. What is left out has its default.'),
    customers: z
      .record(email, layer.nullable())
      .nullable()
      .optional()
      .describe('What differs for customers, by their e-mail address. What is left out is as for everyone.'),
  })
  .meta({ title: 'Policies' })

function partial(key: PolicyKey): z.ZodOptional<z.ZodObject> {
  const { schema, description } = policyDocuments[key]
  return (schema as unknown as z.ZodObject).partial().describe(description).optional()
}

/** Reads a file, and checks what it makes of the documents of everyone and of each customer. Throws `FileError`. */
export function readPolicies(text: string): { file: PoliciesFile; at: YamlFile['at'] } {
  const { value, at } = readYaml(text)
  const parsed = policiesFile.safeParse(value ?? {})
  if (!parsed.success) throw new FileError(parsed.error.issues.flatMap(issue => faultsOf(issue, at)))

  const { everyone, customers } = parsed.data
  const file: PoliciesFile = {
    ...(everyone !== undefined && { everyone: layerOf(everyone) }),
    ...(customers !== undefined && {
      customers: Object.fromEntries(Object.entries(customers ?? {}).map(([name, own]) => [name, layerOf(own)])),
    }),
  }
  const faults = [
    ...faultsTogether([everyoneOf(file)], ['everyone'], at),
    ...Object.entries(file.customers ?? {}).flatMap(([name, own]) =>
      faultsTogether([everyoneOf(file), own], ['customers', name], at),
    ),
  ]
  if (faults.length > 0) throw new FileError(faults)
  return { file, at }
}

const everyoneOf = ({ everyone = {} }: PoliciesFile): Layer => everyone

/** Without the documents that are there in name alone. */
function layerOf(given: object | null): Layer {
  return Object.fromEntries(Object.entries(given ?? {}).filter(([, fields]) => fields !== undefined))
}
