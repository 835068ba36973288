import { globSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Contribution, policyKeys } from '../../src/contracts/decision.ts'
import { personalDataKinds, secretTypes, uninspectableKinds } from '../../src/contracts/facts.ts'
import { outcomes } from '../../src/contracts/record.ts'
import { type ErrorCode, statusOf } from '../../src/errors.ts'
import { compilePolicy } from '../../src/policy/compile.ts'
import { effectiveDocuments, policyDocuments } from '../../src/policy/documents.ts'
import { rule } from '../../src/policy/rule.ts'
import { paths, vocabulary } from '../../src/policy/vocabulary.ts'
import { crossOrigin } from '../../src/routes/cors.ts'
import { page, read, root, rows } from './pages.ts'

test('every error code is documented with its status', () => {
  const declared = [...read('src/errors.ts').matchAll(/^ {2}(\w+): \{/gm)].map(([, code = '']) => code as ErrorCode)
  expect(declared.length).toBeGreaterThan(25)
  const documented = rows(page('API.md'), 'code').map(([code, status]) => [code, Number(status)])
  expect(documented.toSorted()).toEqual(declared.map(code => [code, statusOf(code)]).toSorted())
})

test('every header of an answer is documented', () => {
  const headers = [crossOrigin([]).exposedHeaders ?? []].flat()
  expect(headers.length).toBeGreaterThan(10)
  const text = page('API.md')
  expect(headers.filter(name => !name.startsWith('content-') && !text.includes(`\`${name}\``))).toEqual([])
})

test('countries whose numbers are known are counted right', () => {
  const [, covered = ''] = /^Covered: (.*?), and by context/ms.exec(page('detectors/identifiers.md')) ?? []
  const countries = covered.split(',').length
  const prefixes = new Set(Object.keys(personalDataKinds).map(type => /^([a-z]{2})_/.exec(type)?.[1]))
  prefixes.delete(undefined)
  // The address of a network is no country's.
  prefixes.delete('ip')
  expect(prefixes.size).toBe(countries)
  expect(read('README.md')).toContain(`identity numbers of ${countries} countries`)
})

test('every route that takes from the limit is documented', () => {
  const [, first = ''] = page('RATE_LIMITING.md').split('\n\n')
  const control = globSync('src/routes/*.ts', { cwd: root })
    .map(read)
    .filter(text => /\b(?:findAskers|openCalls)\(scope/.test(text))
    .flatMap(text => [...text.matchAll(/scope\.(get|post)\(\s*'([^']+)'/g)])
    .map(([, method = '', path]) => `${method.toUpperCase()} ${path}`)
  expect(control.length).toBeGreaterThan(4)
  expect(control.filter(route => !first.includes(`\`${route}\``))).toEqual([])
})

test('every column and every outcome of the record is documented', () => {
  const text = page('LOGGING.md')
  const [, model = ''] = /model UsageLog \{([\s\S]*?)\n\}/.exec(read('prisma/schema.prisma')) ?? []
  const columns = [...model.matchAll(/^ {2}(\w+) +(?!Customer\b|ApiKey\b)\w+\??(?:.*@map\("(\w+)"\))?/gm)].map(
    ([, field, column]) => column ?? field,
  )
  expect(columns).toContain('policy_version')
  const documented = rows(text, 'column').flatMap(([cell = '']) => cell.replaceAll('`', '').split(', '))
  expect(documented.toSorted()).toEqual(columns.toSorted())
  expect(rows(text, 'outcome').map(([outcome]) => outcome)).toEqual(outcomes)
})

test('messages that are worth an alarm are those of the code', () => {
  const sources = globSync('src/**/*.ts', { cwd: root, exclude: ['src/database/generated'] }).map(read)
  const messages = rows(page('LOGGING.md'), 'message').map(([message = '']) => message)
  expect(messages.length).toBeGreaterThan(5)
  expect(messages.filter(message => !sources.some(text => text.includes(`'${message}'`)))).toEqual([])
})

describe('policies', () => {
  const text = page('POLICIES.md')

  test.each(policyKeys)('%s is documented with its default', key => {
    const [, section = ''] = text.split(`### ${key}\n`)
    expect(JSON.parse(/^Default: `(.*)`$/m.exec(section)?.[1] ?? '')).toEqual(policyDocuments[key].defaultValue)
  })

  test('documents that are shown are valid', () => {
    const shown = [...text.matchAll(/policy -- set (\w+) '(\{.*?\})'/g)]
    expect(shown.length).toBeGreaterThan(5)
    for (const [, key = '', json = ''] of shown) {
      expect(() => effectiveDocuments({ [key]: JSON.parse(json) })).not.toThrow()
    }
  })

  test('reasons are documented with their weights', () => {
    /** What an owner sets, and has to. */
    const ownScore = 7
    expect(() => effectiveDocuments({ custom_detectors: { detectors: [{ type: 'a', pattern: 'b' }] } })).toThrow()
    const weightOf = ({ policy, effect, score }: Contribution) => {
      if (policy === 'custom_detectors') return score === ownScore ? "the detector's `score`" : String(score)
      return effect === 'block' ? 'block' : String(score)
    }
    const { decide } = compilePolicy(
      effectiveDocuments({
        allowed_models: { models: [] },
        allowed_operations: { operations: [] },
        block_uninspectable_content: { enabled: true },
        custom_detectors: { detectors: [{ type: 'code_name', pattern: 'PRJ', score: ownScore }] },
      }),
    )
    const { contributions } = decide(
      {
        source: 'proxy',
        operation: 'files.list',
        known_operation: true,
        model: 'a',
        provider: 'b',
        external: true,
        stream: false,
        max_output_tokens: null,
        sizes: { messages: 0, characters: 0, estimated_tokens: 0, tools: 0, images: 0, audio: 0, files: 0 },
        personal_data: { declared: true, types: {}, uncertain: {} },
        secrets: { secret_token: 1 },
        custom: { code_name: 1 },
        prompt_injection: { score: 1, speaker: 'user' },
        tools: { names: [], total: 0 },
        caller: { key_name: '', key_age_days: 0, customer_email: 'alice@example.com' },
        at: 0,
        usage: { month_cost: null },
        uninspectable_content: ['image'],
        uninspected_characters: 0,
        declared: {},
      },
      { customer: '', key: '', call: '' },
    )
    const documented = rows(text, 'reason').map(([reason, policy, , weight]) => [reason, policy, weight])
    expect(documented).toEqual(contributions.map(part => [part.reason, part.policy, weightOf(part)]))
  })

  test('what rules may speak of is documented', () => {
    const documented = rows(page('RULES.md'), 'fact')
    expect(documented).toEqual(
      paths.map(path => [path, vocabulary[path].type, vocabulary[path].description.replace(/^`([^`]*)`$/, '$1')]),
    )
  })

  test('what a rule has is documented', () => {
    const [, table = ''] = page('RULES.md').split('## What a rule has')
    expect(rows(table, 'field').map(([field]) => field)).toEqual(Object.keys(rule.shape))
  })

  test('kinds and types are documented', () => {
    expect(rows(text, 'kind').flatMap(([cell = '']) => cell.replaceAll('`', '').split(', '))).toEqual(
      uninspectableKinds,
    )
    const documented = rows(page('INSPECTION.md'), 'type')
    expect(documented.map(([type, kind]) => [type, kind])).toEqual([
      ...Object.entries(personalDataKinds),
      ...secretTypes.map(type => [type, 'secret']),
    ])
  })
})
