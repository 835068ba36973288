import type { ConfiguredProvider, Provider } from '../../providers/provider.ts'

/** Where a call goes, and the model's name there. */
export type Route = { provider: ConfiguredProvider; model: string | null }

/** Where a call would go, as far as its model's name tells. */
type Guess = { provider: Provider | null; model: string }

export type ModelRouter = ReturnType<typeof createModelRouter>

/**
 * Finds the provider of a model: by its exact name, by an explicit `provider/model`, by the longest prefix that a
 * provider claims, or else by whoever takes everything. Names are those that callers can give (`contracts/names.ts`).
 */
export function createModelRouter(
  configured: readonly ConfiguredProvider[],
  { defaultProvider, known }: { defaultProvider: string | null; known: readonly Provider[] },
) {
  const claims = indexClaims(configured)
  // A local provider that is not configured serves nothing, and must not make a model look local.
  const suggestions = indexClaims(known.filter(({ external }) => external))
  const fallback = (defaultProvider === null ? configured[0] : claims.byId.get(defaultProvider)) ?? null

  /** The route of a model's name, or for null the default provider. Null if nothing serves it. */
  function route(model: string | null): Route | null {
    if (model !== null) return claims.find(model) ?? (claims.rest && { provider: claims.rest, model })
    return fallback && { provider: fallback, model }
  }

  /** The route to a provider that the caller named apart from the model. Null if it is not configured. */
  function routeTo(id: string, model: string | null): Route | null {
    const provider = claims.byId.get(id)
    if (provider === undefined) return null
    const found = model === null ? null : claims.find(model)
    return found?.provider === provider ? found : { provider, model }
  }

  /** The name under which callers reach a provider's model: its own where that leads there, else `provider/model`. */
  function nameOf(provider: ConfiguredProvider, model: string): string {
    const bare = route(model)
    return bare?.provider === provider && bare.model === model ? model : `${provider.id}/${model}`
  }

  /**
   * Where a name suggests that a call goes that is not sent from here. The provider is null if it suggests nobody's.
   */
  function guess(model: string): Guess {
    return claims.find(model) ?? suggestions.find(model) ?? { provider: claims.rest, model }
  }

  return { route, routeTo, nameOf, guess }
}

/** Sorts out what providers claim. The first provider keeps a pattern that several claim. */
function indexClaims<P extends Provider>(claimants: readonly P[]) {
  const byId = new Map(claimants.map(provider => [provider.id, provider]))
  const exact = new Map<string, P>()
  const prefixes = new Map<string, P>()
  for (const provider of claimants) {
    for (const pattern of provider.models) {
      const [name, claimed] = pattern.endsWith('*') ? [pattern.slice(0, -1), prefixes] : [pattern, exact]
      if (!claimed.has(name)) claimed.set(name, provider)
    }
  }
  const rest = prefixes.get('') ?? null
  prefixes.delete('')
  const longestFirst = [...prefixes].sort(([a], [b]) => b.length - a.length)

  /** Who serves this model by name, and its name there. Exact names come first: some providers' own hold a slash. */
  function find(model: string): { provider: P; model: string } | null {
    const owner = exact.get(model)
    if (owner !== undefined) return { provider: owner, model }
    const slash = model.indexOf('/')
    const named = slash === -1 ? undefined : byId.get(model.slice(0, slash))
    if (named !== undefined && slash < model.length - 1) return { provider: named, model: model.slice(slash + 1) }
    for (const [prefix, provider] of longestFirst) if (model.startsWith(prefix)) return { provider, model }
    return null
  }

  return { byId, find, rest }
}
