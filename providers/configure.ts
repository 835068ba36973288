import { providers } from './index.ts'
import type { ConfiguredProvider, Provider } from './provider.ts'

type ReadSetting = (name: string) => string | undefined

const idPattern = /^[a-z][a-z0-9-]{0,31}$/
/** Names that a caller can give, and that the record can keep. */
const modelPattern = /^[\w.:/@+~-]{0,256}\*?$/
/** What a header can carry. Anything else would fail on every call, or smuggle in a second header. */
const keyPattern = /^[!-~]+$/
const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/**
 * The providers that the settings make reachable, custom ones first.
 * Each provider reads `<ID>_API_KEY`, `<ID>_BASE_URL`, `<ID>_EXTERNAL`, `<ID>_MODELS` and `<ID>_STREAM_OPTIONS`, its id
 * upper-cased with `_` for `-`. `CUSTOM_PROVIDERS` adds ids. Faults are pushed in the words of the setting.
 */
export function configureProviders(read: ReadSetting, faults: string[]): ConfiguredProvider[] {
  return [...customProviders(read('CUSTOM_PROVIDERS'), faults), ...providers].flatMap(provider => {
    const configured = fromSettings(provider, read, faults)
    return configured === null ? [] : [configured]
  })
}

/** A provider at an address. The base URL must be valid. */
export function providerAt(provider: Provider, baseUrl: string, apiKey: string | null): ConfiguredProvider {
  const { origin, pathname } = new URL(baseUrl)
  const basePath = pathname.replace(/\/+$/, '')
  return Object.freeze({ ...provider, baseUrl: origin + basePath, origin, basePath, apiKey })
}

function customProviders(setting: string | undefined, faults: string[]): Provider[] {
  const ids = listOf(setting)
  const taken = new Set(providers.map(({ id }) => id))
  return ids.flatMap(id => {
    if (!idPattern.test(id)) faults.push('CUSTOM_PROVIDERS: ids are lower-case letters, digits and "-", at most 32')
    else if (taken.has(id)) faults.push(`CUSTOM_PROVIDERS: ${id} is given twice, or is the id of a built-in provider`)
    else {
      taken.add(id)
      return [
        {
          id,
          name: id,
          baseUrl: null,
          external: true,
          key: 'optional',
          example: null,
          models: [],
          streamOptions: true,
        },
      ]
    }
    return []
  })
}

function fromSettings(provider: Provider, read: ReadSetting, faults: string[]): ConfiguredProvider | null {
  const prefix = provider.id.toUpperCase().replaceAll('-', '_')
  const fault = (setting: string, what: string) => faults.push(`${prefix}_${setting}: ${what}`)
  function readFlag(setting: string, otherwise: boolean): boolean {
    const text = read(`${prefix}_${setting}`)
    if (text !== undefined && text !== 'true' && text !== 'false') fault(setting, 'must be true or false')
    return text === undefined ? otherwise : text === 'true'
  }

  const apiKey = read(`${prefix}_API_KEY`) ?? null
  const address = read(`${prefix}_BASE_URL`)
  const named = read(`${prefix}_MODELS`)
  const models = named === undefined ? null : listOf(named)
  const described = {
    ...provider,
    external: readFlag('EXTERNAL', provider.external),
    models: models ?? provider.models,
    // Whoever names a model has it.
    example: models?.find(model => !model.endsWith('*')) ?? provider.example,
    streamOptions: readFlag('STREAM_OPTIONS', provider.streamOptions),
  }
  if (!described.models.every(model => modelPattern.test(model))) {
    fault('MODELS', 'must be model names, exact or a prefix ending in "*", parted by commas')
  }

  const custom = !providers.includes(provider)
  if (apiKey === null && address === undefined && !custom) return null
  if (apiKey === null && provider.key === 'required') {
    fault('API_KEY', `is needed with ${prefix}_BASE_URL`)
    return null
  }
  if (apiKey !== null && !keyPattern.test(apiKey)) fault('API_KEY', 'holds characters that a header cannot carry')

  const baseUrl = address ?? provider.baseUrl
  const objection = baseUrl === null ? missing(prefix, custom) : objectionTo(baseUrl, described.external)
  if (objection !== null) fault('BASE_URL', objection)
  return baseUrl === null || objection !== null ? null : providerAt(described, baseUrl, apiKey)
}

const missing = (prefix: string, custom: boolean) =>
  `is needed with ${custom ? 'CUSTOM_PROVIDERS' : `${prefix}_API_KEY`}`

function objectionTo(baseUrl: string, external: boolean): string | null {
  const url = URL.parse(baseUrl)
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') return 'must be a URL starting with https:// or http://'
  if (url.username !== '' || url.password !== '') return 'must hold no credentials'
  if (/[?#]/.test(baseUrl)) return 'must have no query and no fragment'
  // Prompts and the key would cross the network in the clear.
  if (external && url.protocol === 'http:' && !loopback.test(url.hostname)) {
    return 'must start with https:// while the provider is external'
  }
  return null
}

function listOf(text = ''): string[] {
  return text
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '')
}
