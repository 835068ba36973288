/** An upstream that speaks OpenAI's API, described as data. One file each in this folder. */
export type Provider = {
  /** Lower-case id: the prefix in `provider/model`, and, upper-cased, of its settings (`OPENAI_API_KEY`). */
  id: string
  name: string
  /** Base URL up to and including the version segment; null if the setting must give it. */
  baseUrl: string | null
  /** Content sent here leaves the organisation. */
  external: boolean
  /** Whether a key is needed before the provider counts as configured. */
  key: 'required' | 'optional'
  /** A chat model that it has, to show in a first call; null if that differs from place to place and none is named. */
  example: string | null
  /**
   * Model names that belong here: exact, or a prefix ending in `*`. `['*']` takes what nobody else claims.
   * Claim only names that mean this provider and no other: a name claimed by mistake sends content to the wrong place.
   * Any other model is reached as `provider/model`.
   */
  models: readonly string[]
  /** Whether streams report usage when asked by `stream_options.include_usage`; otherwise it is not asked for. */
  streamOptions: boolean
}

/** A provider with the settings that make it reachable. */
export type ConfiguredProvider = Provider & {
  /** Without a trailing slash. */
  baseUrl: string
  /** The base URL's scheme, host and port: `https://api.example.com`. */
  origin: string
  /** The base URL's path, without a trailing slash: `/v1`, or empty. Stands where `/v1` stands here. */
  basePath: string
  apiKey: string | null
}
