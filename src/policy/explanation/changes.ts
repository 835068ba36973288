import type { Facts } from '../../contracts/facts.ts'
import { counted } from './words.ts'

/** One thing that can be done about a refusal: by whoever calls, or by whoever owns the policies. */
export type Change = {
  caller: string | null
  owner: string | null
  /** How the owner does it. */
  command: string | null
}

export type Edit = (facts: Facts) => Facts

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
}

/** In the order in which they are advised when any of them would do. */
export const callersChanges: readonly CallersChange[] = [
  {
    isPossible: ({ personal_data: { declared, types } }) => declared || hasEntries(types),
    most: withPersonalData([]),
    least: (facts, passes) => fewest(Object.keys(facts.personal_data.types), withPersonalData, facts, passes),
    words(before, after) {
      const found = counted(gone(before.personal_data.types, after.personal_data.types))
      const undeclared = before.personal_data.declared ? ['declare no personal data'] : []
      return byCaller([...(found === '' ? [] : [`remove ${found}`]), ...undeclared].join(' and '))
    },
  },
  {
    isPossible: ({ secrets }) => hasEntries(secrets),
    most: withSecrets([]),
    least: (facts, passes) => fewest(Object.keys(facts.secrets), withSecrets, facts, passes),
    words: (before, after) =>
      byCaller(`remove ${counted(gone(before.secrets, after.secrets))}, to be replaced at the issuer`),
  },
  {
    isPossible: ({ custom }) => hasEntries(custom),
    most: withCustom([]),
    least: (facts, passes) => fewest(Object.keys(facts.custom), withCustom, facts, passes),
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
    most: withoutUnseen,
    words: ({ uninspectable_content: kinds }) => byCaller(`send no content of these kinds: ${kinds.join(', ')}`),
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
    words: (_before, { max_output_tokens }) => byCaller(`ask for at most ${max_output_tokens} output tokens`),
  },
  {
    isPossible: ({ sizes }) => sizes.characters > 1,
    most: withCharacters(1),
    least: (facts, passes) => largest(facts.sizes.characters, withCharacters, facts, passes),
    words: (_before, { sizes }) => byCaller(`send at most ${sizes.characters} characters of text`),
  },
  {
    isPossible: ({ stream }) => stream,
    most: facts => ({ ...facts, stream: false }),
    words: () => byCaller('do not ask for a stream'),
  },
  {
    isPossible: ({ external }) => external,
    most: facts => ({ ...facts, external: false, provider: null }),
    words: ({ provider }) => ({
      caller: 'use a model of an internal provider',
      owner: provider === null ? null : `approve provider ${provider}`,
      command: provider === null ? null : `npm run policy -- approve <email> ${provider}`,
    }),
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

type Passes = (facts: Facts) => boolean

/** Takes away only the names that have to go. */
function fewest(names: readonly string[], keeping: (kept: string[]) => Edit, facts: Facts, passes: Passes): Edit {
  let kept: string[] = []
  for (const name of names) if (passes(keeping([...kept, name])(facts))) kept = [...kept, name]
  return keeping(kept)
}

/** Lowers a number only as far as it has to go. */
function largest(upTo: number, to: (bound: number) => Edit, facts: Facts, passes: Passes): Edit {
  let [passing, failing] = [1, upTo]
  while (failing - passing > 1) {
    const middle = Math.floor((passing + failing) / 2)
    if (passes(to(middle)(facts))) passing = middle
    else failing = middle
  }
  return to(passing)
}

function withPersonalData(kept: readonly string[]): Edit {
  return ({ personal_data: { types, uncertain }, ...facts }) => ({
    ...facts,
    personal_data: { declared: false, types: only(types, kept), uncertain: only(uncertain, kept) },
  })
}

function withSecrets(kept: readonly string[]): Edit {
  return facts => ({ ...facts, secrets: only(facts.secrets, kept) })
}

function withCustom(kept: readonly string[]): Edit {
  return facts => ({ ...facts, custom: only(facts.custom, kept) })
}

/** Tools without a plain name go with the last of those that have one. */
function withTools(names: string[]): Edit {
  return ({ tools, sizes, ...facts }) => {
    const total = names.length === 0 ? 0 : tools.total - tools.names.length + names.length
    return { ...facts, tools: { names, total }, sizes: { ...sizes, tools: total } }
  }
}

function withOutput(max_output_tokens: number): Edit {
  return facts => ({ ...facts, max_output_tokens })
}

function withCharacters(characters: number): Edit {
  return ({ sizes, ...facts }) => ({
    ...facts,
    sizes: { ...sizes, characters, estimated_tokens: Math.ceil(characters / 4) },
  })
}

function withoutUnseen({ sizes, ...facts }: Facts): Facts {
  return {
    ...facts,
    sizes: { ...sizes, images: 0, audio: 0, files: 0 },
    uninspectable_content: [],
    uninspected_characters: 0,
  }
}

function hasEntries(counts: object): boolean {
  return Object.keys(counts).length > 0
}

function only<Counts extends object>(counts: Counts, keys: readonly string[]): Counts {
  return Object.fromEntries(Object.entries(counts).filter(([key]) => keys.includes(key))) as Counts
}

function gone<Counts extends object>(before: Counts, after: object): Counts {
  return Object.fromEntries(Object.entries(before).filter(([key]) => !Object.hasOwn(after, key))) as Counts
}
