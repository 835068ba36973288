import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { describe, expect, test } from 'vitest'
import { providers } from '../../providers/index.ts'
import { loadConfig, settingNames } from '../../src/config.ts'
import { page, read, rows } from './pages.ts'

const example = read('.env.example')
/** Settings of .env.example with their values; those that are commented out too. */
const given = new Map(
  [...example.matchAll(/^(?:# )?([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
)
const reference = page('CONFIGURATION.md')
const documented = new Map(rows(reference, 'setting').map(([name = '', value = '']) => [name, value]))

const parts = ['API_KEY', 'BASE_URL', 'EXTERNAL', 'MODELS', 'STREAM_OPTIONS']
const ofProviders = new Set(
  [...providers.map(({ id }) => id), 'acme'].flatMap(id =>
    parts.map(part => `${id.toUpperCase().replaceAll('-', '_')}_${part}`),
  ),
)
const all = [...settingNames, 'CUSTOM_PROVIDERS']

test('.env.example and the reference list every setting and nothing else, in the order of the code', () => {
  expect([...given.keys()].filter(name => !ofProviders.has(name))).toEqual(all)
  expect([...documented.keys()]).toEqual(all)
})

test('both state the same defaults', () => {
  expect(settingNames.filter(name => given.get(name) !== documented.get(name))).toEqual([])
})

test('a copy of .env.example changes nothing', () => {
  expect(loadConfig(parseEnv(example))).toEqual(loadConfig({}))
})

describe('settings of providers', () => {
  test('are in .env.example, one at least for each', () => {
    const prefixes = providers.filter(({ id }) => id !== 'demo').map(({ id }) => id.toUpperCase().replaceAll('-', '_'))
    expect(prefixes.filter(prefix => ![...given.keys()].some(name => name.startsWith(`${prefix}_`)))).toEqual([])
  })

  test('are explained', () => {
    for (const part of parts) expect(reference).toContain(`<ID>_${part}`)
    expect(rows(page('PROVIDERS.md'), 'setting').map(([name]) => name)).toEqual(parts.map(part => `<ID>_${part}`))
  })

  test('stand in the table of providers as the code has them', () => {
    const table = rows(page('PROVIDERS.md'), 'id')
    expect(table.map(([id]) => id)).toEqual(providers.map(({ id }) => id))
    for (const [index, { id, key, baseUrl, external }] of providers.entries()) {
      if (id === 'demo') continue
      const [, , credential, address, leaves] = table[index] ?? []
      const prefix = id.toUpperCase().replaceAll('-', '_')
      expect([id, credential, address, leaves]).toEqual([
        id,
        key === 'required' ? `${prefix}_API_KEY` : 'optional',
        baseUrl ?? `${prefix}_BASE_URL`,
        external ? 'yes' : 'no',
      ])
    }
  })
})

test('every command and the server read .env', () => {
  const { scripts } = JSON.parse(read('package.json'))
  const commands = ['start', 'key', 'policy', 'seed-policies', 'cleanup-logs', 'migrate', 'studio']
  expect(commands.filter(name => !String(scripts[name]).includes('--import ./scripts/env-file.ts '))).toEqual([])
})

test('.env adds what the environment does not set, and is not missed where it is not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'governance-env-'))
  try {
    const printed = () =>
      execFileSync(
        process.execPath,
        [
          '--import',
          fileURLToPath(new URL('../../scripts/env-file.ts', import.meta.url)),
          '-p',
          'process.env.A + process.env.B',
        ],
        { cwd: folder, env: { A: 'outside' }, encoding: 'utf8', stdio: 'pipe' },
      ).trim()
    expect(printed()).toBe('outsideundefined')
    await writeFile(join(folder, '.env'), 'A=inside\nB=" and inside"\n')
    expect(printed()).toBe('outside and inside')
  } finally {
    await rm(folder, { recursive: true })
  }
})
