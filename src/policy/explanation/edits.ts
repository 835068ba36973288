import type { Facts, UninspectableKind } from '../../contracts/facts.ts'

/** What the facts would be after a change. */
export type Edit = (facts: Facts) => Facts

/** Findings by type. */
export type Counts = Readonly<Record<string, number>>

export function withPersonalData(kept: Counts): Edit {
  return ({ personal_data: { uncertain }, ...facts }) => ({
    ...facts,
    personal_data: { declared: false, types: kept, uncertain: atMost(uncertain, kept) },
  })
}

export function withSecrets(secrets: Counts): Edit {
  return facts => ({ ...facts, secrets })
}

export function withCustom(custom: Counts): Edit {
  return facts => ({ ...facts, custom })
}

/** Tools without a plain name go with the last of those that have one. */
export function withTools(names: string[]): Edit {
  return ({ tools, sizes, ...facts }) => {
    const total = names.length === 0 ? 0 : tools.total - tools.names.length + names.length
    return { ...facts, tools: { names, total }, sizes: { ...sizes, tools: total } }
  }
}

export function withOutput(max_output_tokens: number): Edit {
  return facts => ({ ...facts, max_output_tokens })
}

export function withCharacters(characters: number): Edit {
  return ({ sizes, ...facts }) => ({
    ...facts,
    sizes: { ...sizes, characters, estimated_tokens: Math.ceil(characters / 4) },
  })
}

export function withMessages(messages: number): Edit {
  return ({ sizes, ...facts }) => ({ ...facts, sizes: { ...sizes, messages } })
}

export function withKinds(kept: UninspectableKind[]): Edit {
  const has = (...kinds: UninspectableKind[]) => kinds.some(kind => kept.includes(kind))
  return ({ sizes, uninspected_characters, ...facts }) => ({
    ...facts,
    sizes: {
      ...sizes,
      images: has('image') ? sizes.images : 0,
      audio: has('audio') ? sizes.audio : 0,
      files: has('file', 'video') ? sizes.files : 0,
    },
    uninspectable_content: kept,
    uninspected_characters: has('long_text') ? uninspected_characters : 0,
  })
}

function atMost(counts: Counts, bounds: Counts): Counts {
  const bounded = Object.entries(counts).map(([type, count = 0]) => [type, Math.min(count, bounds[type] ?? 0)] as const)
  return Object.fromEntries(bounded.filter(([, count]) => count > 0))
}
