import { z } from 'zod'
import {
  declarableKeys,
  type Facts,
  personalDataTypes,
  secretTypes,
  sources,
  speakers,
  uninspectableKinds,
} from '../../contracts/facts.ts'
import { operationNames } from '../../operations.ts'

const count = z.int().min(0)
const name = z.string().max(256)
const counts = <Type extends string>(types: readonly Type[]) => z.partialRecord(z.enum(types), count)
const moment = z.union([z.iso.datetime({ offset: true }), count])

/** Facts as a person writes them down: in the form of the record, with what matters alone. */
export const partialFacts = z
  .strictObject({
    source: z.enum(sources),
    operation: name,
    known_operation: z.boolean().describe("True if the operation is one of the proxy's. Follows from the operation."),
    model: name.nullable(),
    provider: name.nullable(),
    external: z.boolean().describe('The provider is outside the organisation.'),
    stream: z.boolean(),
    max_output_tokens: count.nullable(),
    sizes: z
      .strictObject({
        messages: count,
        characters: count,
        estimated_tokens: count.describe('Follows from the characters.'),
        tools: count.describe('Follows from the tools.'),
        images: count,
        audio: count,
        files: count,
      })
      .partial(),
    personal_data: z
      .strictObject({ declared: z.boolean(), types: counts(personalDataTypes), uncertain: counts(personalDataTypes) })
      .partial(),
    secrets: counts(secretTypes),
    custom: z.record(name, count),
    prompt_injection: z
      .strictObject({ score: z.number().min(0).max(1), speaker: z.enum(speakers).nullable() })
      .partial(),
    tools: z.strictObject({ names: z.array(name).max(64), total: count.describe('Follows from the names.') }).partial(),
    caller: z.strictObject({ key_name: name, key_age_days: count, customer_email: name }).partial(),
    at: moment.describe('When the call arrived, as 2026-01-14T12:00:00Z or in milliseconds since 1970.'),
    usage: z.strictObject({ month_cost: z.number().min(0).nullable() }).partial(),
    uninspectable_content: z.array(z.enum(uninspectableKinds)),
    uninspected_characters: count,
    declared: z.partialRecord(z.enum(declarableKeys), z.union([name, z.boolean()])),
  })
  .partial()
export type PartialFacts = z.infer<typeof partialFacts>

/** Noon of a Wednesday. */
const someTime = Date.UTC(2026, 0, 14, 12)

/** The facts of a plain chat call to an internal provider, with those that are given laid over. */
export function completeFacts(given: PartialFacts = {}): Facts {
  const { operation = 'chat.completions.create', at = someTime, ...flat } = given
  const {
    sizes,
    personal_data,
    prompt_injection,
    tools: { names = [], total = sizes?.tools ?? names.length } = {},
  } = flat
  const characters = sizes?.characters ?? 5
  const plain = { source: 'proxy', model: 'some-model', provider: 'internal', external: false, stream: false } as const
  const unseen = { uninspectable_content: [], uninspected_characters: 0 }
  return {
    ...laid<Omit<Facts, 'operation' | 'at' | Nested>>(
      {
        ...plain,
        ...unseen,
        known_operation: operationNames.has(operation),
        max_output_tokens: null,
        secrets: {},
        custom: {},
        declared: {},
      },
      flat,
    ),
    operation,
    at: new Date(at).getTime(),
    sizes: laid(
      {
        messages: 1,
        characters,
        estimated_tokens: Math.ceil(characters / 4),
        tools: total,
        images: 0,
        audio: 0,
        files: 0,
      },
      sizes,
    ),
    personal_data: laid<Facts['personal_data']>({ declared: false, types: {}, uncertain: {} }, personal_data),
    prompt_injection: laid<Facts['prompt_injection']>({ score: 0, speaker: null }, prompt_injection),
    tools: { names, total },
    caller: laid({ key_name: 'some-key', key_age_days: 30, customer_email: 'someone@example.com' }, flat.caller),
    usage: laid<Facts['usage']>({ month_cost: 0 }, flat.usage),
  }
}

type Nested = 'sizes' | 'personal_data' | 'prompt_injection' | 'tools' | 'caller' | 'usage'

/** What is given, over what holds without it. Files and bodies hold no fields that are there and undefined. */
function laid<Whole extends object>(
  whole: Whole,
  given: { [Key in keyof Whole]?: Whole[Key] | undefined } = {},
): Whole {
  return { ...whole, ...(given as Partial<Whole>) }
}
