// A regular expression that backtracks super-linearly lets one request stop the process. All that the source holds are
// checked with recheck, those that are put together when a module is loaded too.
import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { parse } from 'acorn'
import { expect, it, vi } from 'vitest'

// Without this, recheck starts a native program or Java where it finds one.
vi.stubEnv('RECHECK_BACKEND', 'pure')
const { check } = await import('recheck')

const root = join(import.meta.dirname, '../..')
/** An attack is one that takes so many steps, whatever time a busy machine takes for them; the times end what hangs. */
const limits = { attackLimit: 20_000_000, attackTimeout: 60_000, timeout: 200_000 }

/**
 * What recheck cannot decide in time, or finds slow on texts that are never given to it: where, how it begins, why not.
 */
const known: readonly (readonly [file: string, start: string, reason: string])[] = [
  ['providers/configure.ts', String.raw`\/+$`, 'read once, at start, on an address of the configuration'],
  ['src/inspection/detectors/ip-address.ts', '(?:ip|host|addr', 'read in the few characters before an address'],
  [
    'src/inspection/normal-form/escapes.ts',
    String.raw`\\{1,8}`,
    'each way begins differently, and but for one is bounded',
  ],
  ['src/inspection/secrets/assignments.ts', '[=>*]{0,2}', 'of a syntax that recheck does not know; sticky and bounded'],
]

type Found = { file: string; source: string; flags: string }
const found = new Map<string, Found>()
const note = (file: string, source: string, flags: string) =>
  found.set(`/${source}/${flags.replace(/[dgvs]/g, '')}`, { file, source, flags })

function collectLiterals(file: string, node: unknown): void {
  if (typeof node !== 'object' || node === null) return
  if ('regex' in node) {
    const { pattern, flags } = node.regex as { pattern: string; flags: string }
    note(file, pattern, flags)
  }
  for (const child of Object.values(node)) collectLiterals(file, child)
}

/** Run by hand on texts of our own, when the model of names is trained. */
const training = 'scripts/person-names/'

const filesIn = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(file => /\.[jt]s$/.test(file))
    .map(file => join(folder, file))
    .filter(file => !file.startsWith(training))

/** Loads the modules that find things, and notes what is made with `new RegExp` meanwhile. */
async function collectBuilt(files: readonly string[]): Promise<void> {
  const Native = RegExp
  for (const file of files) {
    const Noting = new Proxy(Native, {
      construct(target, [source, flags]: [string | RegExp, string?]) {
        const made = new target(source, flags)
        // The third line is the caller's: packages that the modules load have expressions of their own.
        const caller = /src\/inspection\/[\w./-]+/.exec(new Error().stack?.split('\n')[2] ?? '')
        if (caller !== null) note(caller[0], made.source, made.flags)
        return made
      },
    })
    vi.stubGlobal('RegExp', Noting)
    await import(join(root, file)).finally(() => vi.unstubAllGlobals())
  }
}

/** Bounds above eight are checked as eight: recheck unrolls them, and what is bounded stays so. */
const shrink = (source: string) =>
  source.replace(/\{(\d{1,6})(,(\d{1,6}))?\}/g, (_, from, range, to) =>
    range === undefined ? `{${Math.min(from, 8)}}` : `{${Math.min(from, 7)},${Math.min(to, 8)}}`,
  )

const describeFault = async ({ file, source, flags }: Found): Promise<string[]> => {
  if (known.some(([where, start]) => file === where && source.startsWith(start))) return []
  const bounded = shrink(source)
  let { status } = await check(bounded, flags, limits)
  // The fuzzer, which it prefers for long expressions, is the slower one for some.
  if (status === 'unknown') ({ status } = await check(bounded, flags, { ...limits, checker: 'automaton' }))
  return status === 'safe' ? [] : [`${file}: ${status} /${source}/${flags}`]
}

it('finds no regular expression that backtracks super-linearly', { timeout: 600_000 }, async () => {
  for (const file of ['src', 'providers', 'scripts'].flatMap(filesIn)) {
    const code = stripTypeScriptTypes(readFileSync(join(root, file), 'utf8'))
    collectLiterals(file, parse(code, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true }))
  }
  await collectBuilt(filesIn('src/inspection').filter(file => !file.includes('worker')))
  const faults: string[] = []
  for (const expression of found.values()) faults.push(...(await describeFault(expression)))
  expect(faults).toEqual([])
  const isFound = ([where, start]: (typeof known)[number]) =>
    [...found.values()].some(({ file, source }) => file === where && source.startsWith(start))
  expect(known.filter(entry => !isFound(entry))).toEqual([])
})
