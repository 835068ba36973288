import { describe, expect, test } from 'vitest'
import { providerAt } from '../../providers/configure.ts'
import { providers } from '../../providers/index.ts'
import type { ConfiguredProvider } from '../../providers/provider.ts'
import { createModelRouter } from '../../src/routing/route-model.ts'

const acme = { ...provider('vllm'), id: 'acme', models: ['foo-*', 'gpt-4o', 'foo-large*'], external: true }

function provider(id: string): ConfiguredProvider {
  const found = providers.find(candidate => candidate.id === id)
  if (found === undefined) throw new Error(`No provider ${id}`)
  return providerAt(found, `https://${id}.example/v1`, 'key')
}

function routerOf(...configured: (ConfiguredProvider | string)[]) {
  const all = configured.map(each => (typeof each === 'string' ? provider(each) : each))
  return createModelRouter(all, { defaultProvider: null, known: providers })
}

/** `provider: model` of a route, or null. */
function target(router: ReturnType<typeof routerOf>, model: string | null) {
  const route = router.route(model)
  return route && `${route.provider.id}: ${route.model}`
}

describe('route', () => {
  test.each([
    ['gpt-4o', 'acme: gpt-4o', 'an exact name before a prefix'],
    ['gpt-4o-mini', 'openai: gpt-4o-mini', 'a prefix'],
    ['foo-large-2', 'acme: foo-large-2', 'the longest prefix'],
    ['mistral-large-latest', 'mistral: mistral-large-latest', 'another provider'],
    ['openai/gpt-4o', 'openai: gpt-4o', 'an explicit provider before every pattern'],
    ['openrouter/meta-llama/llama-3', 'openrouter: meta-llama/llama-3', 'only the first segment as provider'],
    ['openrouter/auto', 'openrouter: openrouter/auto', 'a name of its own that begins with its id'],
    ['anthropic/claude-sonnet-4', 'openrouter: anthropic/claude-sonnet-4', 'a pattern with a slash'],
    ['meta-llama/Llama-3', null, 'nobody'],
    ['groq/llama-3', null, 'nobody where the provider is known but not configured'],
    ['toString', null, 'nothing of an object'],
    ['openai/', null, 'nothing without a name'],
    ['', null, 'nothing of nothing'],
  ])('%j goes to %s: %s', (model, expected, _why) => {
    expect(target(routerOf(acme, 'openai', 'mistral', 'openrouter'), model)).toBe(expected)
  })

  test('the vendor in a name is a provider only if it is configured', () => {
    expect(target(routerOf('openrouter'), 'openai/gpt-4o')).toBe('openrouter: openai/gpt-4o')
    expect(target(routerOf('openrouter', 'openai'), 'openai/gpt-4o')).toBe('openai: gpt-4o')
  })

  test('whoever takes everything has what nobody else claims', () => {
    const router = routerOf('openai', 'ollama', 'vllm')
    expect(target(router, 'llama3.2:1b')).toBe('ollama: llama3.2:1b')
    expect(target(router, 'gpt-4o')).toBe('openai: gpt-4o')
    expect(target(router, 'gpt-oss:20b')).toBe('ollama: gpt-oss:20b')
    expect(target(router, 'vllm/org/model')).toBe('vllm: org/model')
  })

  test('without a model, the default provider or else the first', () => {
    expect(target(routerOf('openai', 'mistral'), null)).toBe('openai: null')
    expect(target(routerOf(), null)).toBeNull()
    const configured = [provider('openai'), provider('mistral')]
    const router = createModelRouter(configured, { defaultProvider: 'mistral', known: providers })
    expect(target(router, null)).toBe('mistral: null')
    expect(target(router, 'gpt-4o')).toBe('openai: gpt-4o')
  })
})

test('routeTo goes where it is told, and takes off that provider’s prefix only', () => {
  const router = routerOf('openai', 'groq')
  expect(router.routeTo('groq', 'openai/gpt-oss-20b')).toMatchObject({
    provider: { id: 'groq' },
    model: 'openai/gpt-oss-20b',
  })
  expect(router.routeTo('groq', 'groq/gemma2')).toMatchObject({ provider: { id: 'groq' }, model: 'gemma2' })
  expect(router.routeTo('groq', 'groq/compound')).toMatchObject({ provider: { id: 'groq' }, model: 'groq/compound' })
  expect(router.routeTo('groq', null)).toMatchObject({ provider: { id: 'groq' }, model: null })
  expect(router.routeTo('mistral', 'mistral-small')).toBeNull()
})

test('every name that nameOf gives leads back to the provider and model', () => {
  const configured = ['openai', 'groq', 'openrouter', 'ollama', 'vllm'].map(provider)
  const router = routerOf(...configured)
  const models = ['gpt-4o', 'groq/compound', 'openai/gpt-4o', 'openrouter/auto', 'llama3', 'ollama/x', 'a/b/c']
  for (const each of configured) {
    for (const model of models) {
      expect(router.route(router.nameOf(each, model))).toEqual({ provider: each, model })
    }
  }
  expect(router.nameOf(provider('openai'), 'gpt-4o')).toBe('openai/gpt-4o')
  expect(router.nameOf(configured[0] ?? acme, 'gpt-4o')).toBe('gpt-4o')
})

describe('guess', () => {
  test('prefers what is configured, then what any provider claims', () => {
    expect(routerOf(acme).guess('gpt-4o')).toMatchObject({ provider: { id: 'acme' }, model: 'gpt-4o' })
    expect(routerOf(acme).guess('gpt-4')).toMatchObject({ provider: { id: 'openai' }, model: 'gpt-4' })
    expect(routerOf().guess('mistral/any')).toMatchObject({ provider: { id: 'mistral' }, model: 'any' })
    expect(routerOf('openai').guess('unheard-of')).toEqual({ provider: null, model: 'unheard-of' })
  })

  test('names the model as the route there does', () => {
    const router = routerOf(acme, 'openai', 'groq', 'openrouter', 'ollama')
    for (const name of ['gpt-4o', 'openai/gpt-4o', 'groq/compound', 'openrouter/org/m', 'org/m', 'ollama/org/m', 'm'])
      expect(router.guess(name)).toEqual(router.route(name))
  })

  test('a name known to be external is not taken for local because a local provider takes everything', () => {
    expect(routerOf('ollama').guess('gpt-4o').provider).toMatchObject({ id: 'openai', external: true })
    expect(routerOf('ollama').guess('llama3').provider).toMatchObject({ id: 'ollama', external: false })
    expect(routerOf().guess('gpt-oss:20b').provider).not.toMatchObject({ external: false })
  })
})
