import { describe, expect, test } from 'vitest'
import { configureProviders } from '../../providers/configure.ts'

function configure(settings: Record<string, string>) {
  const faults: string[] = []
  const configured = configureProviders(name => settings[name], faults)
  return { configured, faults, ids: configured.map(({ id }) => id) }
}

test('nothing is configured by nothing', () => {
  expect(configure({})).toEqual({ configured: [], faults: [], ids: [] })
})

test('a hosted provider needs its key only, a local one its base URL only', () => {
  const { configured, faults } = configure({
    OPENAI_API_KEY: 'sk-1',
    LM_STUDIO_BASE_URL: 'http://127.0.0.1:1234/v1/',
    GROQ_API_KEY: 'gsk',
  })
  expect(faults).toEqual([])
  expect(configured).toMatchObject([
    {
      id: 'openai',
      apiKey: 'sk-1',
      baseUrl: 'https://api.openai.com/v1',
      origin: 'https://api.openai.com',
      basePath: '/v1',
    },
    { id: 'groq', basePath: '/openai/v1' },
    { id: 'lm-studio', apiKey: null, baseUrl: 'http://127.0.0.1:1234/v1', external: false },
  ])
})

test('every setting of a provider can be given', () => {
  const { configured, faults } = configure({
    VLLM_BASE_URL: 'https://gpu.example:8443',
    VLLM_API_KEY: 'k',
    VLLM_EXTERNAL: 'true',
    VLLM_MODELS: 'meta-llama/*, qwen3 ,',
    VLLM_STREAM_OPTIONS: 'false',
  })
  expect(faults).toEqual([])
  expect(configured).toMatchObject([
    {
      baseUrl: 'https://gpu.example:8443',
      origin: 'https://gpu.example:8443',
      basePath: '',
      apiKey: 'k',
      external: true,
      models: ['meta-llama/*', 'qwen3'],
      streamOptions: false,
    },
  ])
})

test('custom providers are external unless told otherwise, and come first', () => {
  const { configured, faults } = configure({
    OPENAI_API_KEY: 'sk-1',
    CUSTOM_PROVIDERS: 'acme, in-house',
    ACME_BASE_URL: 'https://api.acme.example/llm/v1',
    ACME_API_KEY: 'a',
    ACME_MODELS: 'foo-*,bar',
    IN_HOUSE_BASE_URL: 'http://llm.internal:8080/v1',
    IN_HOUSE_EXTERNAL: 'false',
  })
  expect(faults).toEqual([])
  expect(configured).toMatchObject([
    { id: 'acme', external: true, models: ['foo-*', 'bar'], apiKey: 'a', streamOptions: true },
    { id: 'in-house', external: false, models: [], apiKey: null },
    { id: 'openai' },
  ])
})

describe('faults', () => {
  const url = 'BASE_URL'
  const key = { OPENAI_API_KEY: 'sk-secret' }
  test.each<[Record<string, string>, string]>([
    [{ OPENAI_BASE_URL: 'https://api.example/v1' }, 'OPENAI_API_KEY: is needed with OPENAI_BASE_URL'],
    [{ OLLAMA_API_KEY: 'k' }, 'OLLAMA_BASE_URL: is needed with OLLAMA_API_KEY'],
    [{ OPENAI_API_KEY: 'sk\nx' }, 'OPENAI_API_KEY: holds characters that a header cannot carry'],
    [{ ...key, [`OPENAI_${url}`]: 'not a url' }, 'OPENAI_BASE_URL: must be a URL starting with https:// or http://'],
    [{ ...key, [`OPENAI_${url}`]: 'file:///etc' }, 'OPENAI_BASE_URL: must be a URL starting with https:// or http://'],
    [{ ...key, [`OPENAI_${url}`]: 'https://a:b@c.example/v1' }, 'OPENAI_BASE_URL: must hold no credentials'],
    [{ ...key, [`OPENAI_${url}`]: 'https://c.example/v1?a' }, 'OPENAI_BASE_URL: must have no query and no fragment'],
    [{ ...key, [`OPENAI_${url}`]: 'https://c.example/v1#' }, 'OPENAI_BASE_URL: must have no query and no fragment'],
    [
      { ...key, [`OPENAI_${url}`]: 'http://c.example/v1' },
      'OPENAI_BASE_URL: must start with https:// while the provider is external',
    ],
    [
      { ...key, [`OPENAI_${url}`]: 'http://127.0.0.1.evil.example/v1' },
      'OPENAI_BASE_URL: must start with https:// while the provider is external',
    ],
    [{ ...key, OPENAI_EXTERNAL: 'no' }, 'OPENAI_EXTERNAL: must be true or false'],
    [
      { ...key, OPENAI_MODELS: 'a*b' },
      'OPENAI_MODELS: must be model names, exact or a prefix ending in "*", parted by commas',
    ],
    [{ CUSTOM_PROVIDERS: 'acme' }, 'ACME_BASE_URL: is needed with CUSTOM_PROVIDERS'],
    [{ CUSTOM_PROVIDERS: 'openai' }, 'CUSTOM_PROVIDERS: openai is given twice, or is the id of a built-in provider'],
    [{ CUSTOM_PROVIDERS: 'Ac/me' }, 'CUSTOM_PROVIDERS: ids are lower-case letters, digits and "-", at most 32'],
  ])('%j', (settings, fault) => {
    expect(configure(settings).faults).toEqual([fault])
  })

  test('a custom id given twice is one fault', () => {
    const { faults, ids } = configure({ CUSTOM_PROVIDERS: 'acme,acme', ACME_BASE_URL: 'https://acme.example/v1' })
    expect(faults).toEqual(['CUSTOM_PROVIDERS: acme is given twice, or is the id of a built-in provider'])
    expect(ids).toEqual(['acme'])
  })

  test('all are told together, and none repeats a value', () => {
    const { faults } = configure({
      OPENAI_API_KEY: 'sk-secret\u0001',
      OPENAI_BASE_URL: 'http://user:pass@secret.example',
      MISTRAL_API_KEY: 'k',
      MISTRAL_STREAM_OPTIONS: 'secret',
    })
    expect(faults).toHaveLength(3)
    expect(faults.join()).not.toMatch(/secret|pass/)
  })

  test.each(['http://localhost:4010/v1', 'http://127.0.0.1:4010/v1', 'http://[::1]:4010/v1'])('%s is fine', base => {
    expect(configure({ ...key, OPENAI_BASE_URL: base }).faults).toEqual([])
  })
})
