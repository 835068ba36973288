import type { Facts } from '../../contracts/facts.ts'
import {
  type Counts,
  type Edit,
  withCharacters,
  withCustom,
  withKinds,
  withMessages,
  withOutput,
  withPersonalData,
  withSecrets,
  withTools,
} from './edits.ts'
import { fewest, largest, leastRemoved } from './least.ts'
import { counted } from './words.ts'

/** One thing that can be done about a refusal: by whoever calls, or by whoever owns the policies. */
export type Change = {
  caller: string | null
  owner: string | null
  /** How the owner does it. */
  command: string | null
}

/** What a caller could change about a call. */
export type CallersChange = {
  /** Whether the call has something to change. */
  isPossible: (facts: Facts) => boolean
  /** As much of it as can be done. */
  most: Edit
  /** As little of it as lets the call pass, if it can be done in part. */
  least?: (facts: Facts, passes: (facts: Facts) => boolean) => Edit
  /** The change in words, from what the facts were and would become. */
  words: (before: Facts, after: Facts) => Change
  /** What the owner could do in its place: to approve a provider. Said where it would be enough. */
  approval?: (facts: Facts) => string | null
}

/** In the order in which they are advised when any of them would do. */
export const callersChanges: readonly CallersChange[] = [
  {
    isPossible: ({ personal_data: { declared, types } }) => declared || hasEntries(types),
    most: withPersonalData({}),
    least: (facts, passes) => leastRemoved(facts.personal_data.types, withPersonalData, facts, passes),
    words(before, after) {
      const found = counted(gone(before.personal_data.types, after.personal_data.types))
      const undeclared = before.personal_data.declared ? ['declare no personal data'] : []
      return byCaller([...(found === '' ? [] : [`remove ${found}`]), ...undeclared].join(' and '))
    },
  },
  {
    isPossible: ({ secrets }) => hasEntries(secrets),
    most: withSecrets({}),
    least: (facts, passes) => leastRemoved(facts.secrets, withSecrets, facts, passes),
    words: (before, after) =>
      byCaller(`remove ${counted(gone(before.secrets, after.secrets))}, to be replaced at the issuer`),
  },
  {
    isPossible: ({ custom }) => hasEntries(custom),
    most: withCustom({}),
    least: (facts, passes) => leastRemoved(facts.custom, withCustom, facts, passes),
    words: (before, after) => byCaller(`remove ${counted(gone(before.custom, after.custom))}`),
  },
  {
    isPossible: ({ prompt_injection: { score } }) => score > 0,
    most: facts => ({ ...facts, prompt_injection: { score: 0, speaker: null } }),
    words: ({ prompt_injection: { speaker } }) =>
      byCaller(`remove the text of the ${speaker ?? 'user'} that gives the model orders`),
  },
  {
    isPossible: ({ uninspectable_content }) => uninspectable_content.length > 0,
    most: withKinds([]),
    least: (facts, passes) => fewest(facts.uninspectable_content, withKinds, facts, passes),
    words({ uninspectable_content: before }, { uninspectable_content: after }) {
      const kinds = before.filter(kind => !after.includes(kind))
      return byCaller(`send no content of these kinds: ${kinds.join(', ')}`)
    },
  },
  {
    isPossible: ({ tools }) => tools.total > 0,
    most: withTools([]),
    least: (facts, passes) => fewest(facts.tools.names, withTools, facts, passes),
    words({ tools: before }, { tools: after }) {
      const names = before.names.filter(name => !after.names.includes(name))
      return byCaller(after.total === 0 ? 'offer no tools' : `do not offer these tools: ${names.join(', ')}`)
    },
  },
  {
    isPossible: ({ max_output_tokens }) => max_output_tokens === null || max_output_tokens > 1,
    most: withOutput(1),
    least: (facts, passes) => largest(facts.max_output_tokens ?? mostTokens, withOutput, facts, passes),
    words: (_before, { max_output_tokens }) =>
      byCaller(
        max_output_tokens === mostTokens - 1
          ? 'say how many output tokens there may be'
          : `ask for at most ${max_output_tokens} output tokens`,
      ),
  },
  {
    isPossible: ({ sizes }) => sizes.characters > 1,
    most: withCharacters(1),
    least: (facts, passes) => largest(facts.sizes.characters, withCharacters, facts, passes),
    words: (_before, { sizes }) => byCaller(`send at most ${sizes.characters} characters of text`),
  },
  {
    isPossible: ({ sizes }) => sizes.messages > 1,
    most: withMessages(1),
    least: (facts, passes) => largest(facts.sizes.messages, withMessages, facts, passes),
    words: (_before, { sizes }) => byCaller(`send at most ${sizes.messages} messages`),
  },
  {
    isPossible: ({ stream }) => stream,
    most: facts => ({ ...facts, stream: false }),
    words: () => byCaller('do not ask for a stream'),
  },
  {
    isPossible: ({ external }) => external,
    most: facts => ({ ...facts, external: false, provider: null }),
    words: () => byCaller('use a model of an internal provider'),
    approval: ({ provider }) => provider,
  },
]

/** To declare a key that a rule requires. */
export function declaration(key: string): CallersChange {
  return {
    isPossible: ({ declared }) => !Object.hasOwn(declared, key),
    most: facts => ({ ...facts, declared: { ...facts.declared, [key]: 'declared' } }),
    words: () => byCaller(`declare ${key}`),
  }
}

/** More than any model writes. */
const mostTokens = 1_000_000

function byCaller(caller: string): Change {
  return { caller, owner: null, command: null }
}

function hasEntries(counts: object): boolean {
  return Object.keys(counts).length > 0
}

/** What is not there any more, or less of it. */
function gone(before: Counts, after: Counts): Counts {
  const missing = Object.entries(before).map(([type, count = 0]) => [type, count - (after[type] ?? 0)] as const)
  return Object.fromEntries(missing.filter(([, count]) => count > 0))
}
