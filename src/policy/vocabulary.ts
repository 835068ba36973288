import { declarableKeys, type Facts, personalDataTypes, secretTypes } from '../contracts/facts.ts'

/** CEL's names of the types that a fact can have. */
export type WordType =
  | 'bool'
  | 'int'
  | 'double'
  | 'string'
  | 'list<string>'
  | 'map<string, int>'
  | 'map<string, string>'

export type WordValue =
  | boolean
  | number
  | string
  | readonly string[]
  | Readonly<Record<string, number | string | boolean>>

/** One fact that rules may speak of. */
export type Word = {
  type: WordType
  description: string
  /** Of a map whose keys are known beforehand: all of them. */
  keys?: readonly string[]
  /** From the facts as they are recorded. `approves` is the customer's list of approved providers. */
  from: (facts: Facts, approves: (provider: string | null) => boolean) => WordValue
}

const hour = 3_600_000
const day = 24 * hour
/** 1970 began on a Thursday, the fourth day of the week (ISO 8601). */
const firstWeekday = 4

/**
 * Everything that a rule may speak of, by its path in CEL. The reference in docs/RULES.md, the environment in which
 * rules are checked and what they are judged by are made from this table. What the caller left out is "", 0 or empty.
 */
export const vocabulary = {
  'call.source': word('string', 'Where it came from: `proxy`, `check` or `inspect`', ({ source }) => source),
  'call.operation': word(
    'string',
    'Name of the operation, such as `chat.completions.create`',
    ({ operation }) => operation,
  ),
  'call.model': word('string', 'Name of the model, without its provider; "" if there is none', f => f.model ?? ''),
  'call.provider': word('string', 'Id of the provider; "" if it is not known', ({ provider }) => provider ?? ''),
  'call.external': word('bool', 'The provider is outside the organisation', ({ external }) => external),
  'call.approved': word(
    'bool',
    'The provider is internal, or on the list of `block_external_models`',
    ({ external, provider }, approves) => !external || approves(provider),
  ),
  'call.stream': word('bool', 'The answer is to be streamed', ({ stream }) => stream),
  'call.max_output_tokens': word(
    'int',
    'Upper bound on generated tokens that the caller asked for; 0 if it did not say',
    f => f.max_output_tokens ?? 0,
  ),
  'call.messages': word('int', 'Messages or inputs', ({ sizes }) => sizes.messages),
  'call.characters': word('int', 'Characters of text', ({ sizes }) => sizes.characters),
  'call.estimated_tokens': word('int', 'Characters / 4, rounded up', ({ sizes }) => sizes.estimated_tokens),
  'call.images': word('int', 'Images', ({ sizes }) => sizes.images),
  'call.audio': word('int', 'Recordings', ({ sizes }) => sizes.audio),
  'call.files': word('int', 'Files and videos', ({ sizes }) => sizes.files),
  'personal_data.declared': word('bool', 'The caller said that there is some', f => f.personal_data.declared),
  'personal_data.total': word('int', 'Findings of all types', ({ personal_data }) => sum(personal_data.types)),
  'personal_data.types': counts('Findings by type', personalDataTypes, ({ personal_data }) => personal_data.types),
  'personal_data.uncertain': counts(
    'Those of them that are less than three quarters certain',
    personalDataTypes,
    ({ personal_data }) => personal_data.uncertain,
  ),
  'secrets.total': word('int', 'Secrets of all types', ({ secrets }) => sum(secrets)),
  'secrets.types': counts('Secrets by type', secretTypes, ({ secrets }) => secrets),
  custom: word('map<string, int>', 'Findings of your own detectors, by type', f => f.custom),
  'prompt_injection.score': word(
    'double',
    'How much a text looks like orders that its speaker has no right to give: 0 to 1',
    f => f.prompt_injection.score,
  ),
  'prompt_injection.speaker': word(
    'string',
    'Who that text is from: `developer`, `user`, `tool`, or ""',
    f => f.prompt_injection.speaker ?? '',
  ),
  uninspectable_content: word(
    'list<string>',
    'Kinds of content that could not be looked into',
    f => f.uninspectable_content,
  ),
  uninspected_characters: word(
    'int',
    'Characters past the limit, at which nobody looked',
    f => f.uninspected_characters,
  ),
  'tools.names': word(
    'list<string>',
    'Names of the tools that the call offers, at most 64',
    ({ tools }) => tools.names,
  ),
  'tools.total': word('int', 'Tools in all', ({ tools }) => tools.total),
  'key.name': word('string', 'Name that the key was given', ({ caller }) => caller.key_name),
  'key.age_days': word('int', 'Whole days since the key was made', ({ caller }) => caller.key_age_days),
  'customer.email': word('string', 'E-mail address of the customer', ({ caller }) => caller.customer_email),
  declared: {
    type: 'map<string, string>',
    // Of a map of texts, an entry is made a text when it is read.
    description: 'Metadata that the caller declared; booleans as "true" and "false"',
    keys: declarableKeys,
    from: ({ declared }) => declared,
  },
  'time.hour': word('int', 'Hour of the day when the call arrived, 0 to 23 (UTC)', ({ at }) =>
    Math.floor((at % day) / hour),
  ),
  'time.minute': word('int', 'Minute of that hour, 0 to 59', ({ at }) => Math.floor((at % hour) / 60_000)),
  'time.weekday': word(
    'int',
    'Day of the week (UTC), 1 for Monday to 7 for Sunday',
    ({ at }) => ((Math.floor(at / day) + firstWeekday - 1) % 7) + 1,
  ),
  'time.date': word('string', 'Date (UTC), as `2026-11-25`', ({ at }) => new Date(at).toISOString().slice(0, 10)),
  'usage.month_cost': word(
    'double',
    "US dollars of the customer's calls in this month (UTC) before this one",
    ({ usage }) => known(usage.month_cost),
  ),
} satisfies Record<string, Word>

export type Path = keyof typeof vocabulary
export const paths = Object.keys(vocabulary) as Path[]

export function isPath(path: string): path is Path {
  return Object.hasOwn(vocabulary, path)
}

function word(type: WordType, description: string, from: Word['from']): Word {
  return { type, description, from }
}

function counts(description: string, keys: readonly string[], from: Word['from']): Word {
  return { type: 'map<string, int>', description, keys, from }
}

function sum(counted: Readonly<Record<string, number>>): number {
  let total = 0
  for (const type in counted) total += counted[type] ?? 0
  return total
}

/** Throws where a figure could not be had, so that the rule's `on_error` decides. */
function known(figure: number | null): number {
  if (figure === null) throw new Error('The figure is not known')
  return figure
}
