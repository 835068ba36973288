// Holds the code to the rules of docs/ARCHITECTURE.md, by reading every import.
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { providers } from '../providers/index.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const generated = 'src/database/generated/'

type Source = { file: string; text: string; imports: string[] }

const sources: Source[] = globSync(['src/**/*.ts', 'providers/**/*.ts', 'scripts/**/*.{ts,js}'], { cwd: root })
  .filter(file => !file.startsWith(generated))
  .map(file => {
    const text = readFileSync(join(root, file), 'utf8')
    return { file, text, imports: importsOf(text).map(specifier => resolve(file, specifier)) }
  })

/** What a file loads: static and dynamic imports, exports from elsewhere, and workers by their URL. */
function importsOf(text: string): string[] {
  const forms = /(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'|new URL\('(\.[^']+)', import\.meta\.url\)/g
  return [...text.matchAll(forms)].map(([, imported, worker]) => imported ?? worker ?? '')
}

/** A path from the root, or a package's name. */
function resolve(file: string, specifier: string): string {
  return specifier.startsWith('.') ? relative(root, join(root, dirname(file), specifier)) : specifier
}

/** The part of the table that a path belongs to: `src/call/body/json.ts` is `call`, `src/errors.ts` is `errors.ts`. */
function partOf(path: string): string | null {
  const [top = '', inner = ''] = path.split('/')
  if (top === 'providers' || top === 'scripts') return top
  return top === 'src' ? inner : null
}

const page = readFileSync(join(root, 'docs/ARCHITECTURE.md'), 'utf8')
const [, table = ''] = page.split('| part | may import |')
const names = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
const allowed = new Map(
  [...table.matchAll(/^\| `([^`]+)` \|(.*)\|$/gm)].map(([, part = '', cell = '']) => [part, names(cell)]),
)

test('the table has a row for every part of the code, and for nothing else', () => {
  expect([...new Set(sources.map(({ file }) => partOf(file)))].toSorted()).toEqual([...allowed.keys()].toSorted())
})

test('every part imports only parts below it', () => {
  const order = [...allowed.keys()]
  const upward = [...allowed].filter(([part, below]) => below.some(name => order.indexOf(name) <= order.indexOf(part)))
  expect(upward).toEqual([])
})

test('the code imports what the table allows', () => {
  const refused = sources.flatMap(({ file, imports }) => {
    const from = partOf(file)
    return imports
      .filter(path => {
        const to = partOf(path)
        return to !== null && to !== from && !allowed.get(from ?? '')?.includes(to)
      })
      .map(path => `${file} imports ${path}`)
  })
  expect(refused).toEqual([])
})

test('imports of this repository are seen, in every form', () => {
  expect(importsOf("import { a } from './a.ts'\nexport type { B } from '../b.ts'")).toEqual(['./a.ts', '../b.ts'])
  expect(importsOf("await import('./c.ts'); import './d.ts'; new URL('./e.ts', import.meta.url)")).toEqual([
    './c.ts',
    './d.ts',
    './e.ts',
  ])
  expect(sources.find(({ file }) => file === 'src/app.ts')?.imports).toContain('src/call/index.ts')
})

describe('besides', () => {
  test('only config.ts reads the environment', () => {
    const reading = sources.filter(({ file, text }) =>
      // Commands may hand the environment on as a whole: to config.ts, or to a process that they start.
      file.startsWith('scripts/') ? /process\.env[.[]/.test(text) : text.includes('process.env'),
    )
    expect(reading.map(({ file }) => file)).toEqual(['src/config.ts'])
  })

  test('of the domains, only their stores import the database', () => {
    const domains = ['policy', 'keys', 'audit']
    const importing = sources.filter(
      ({ file, imports }) =>
        domains.includes(partOf(file) ?? '') && imports.some(path => path.startsWith('src/database/')),
    )
    expect(importing.map(({ file }) => file).filter(file => !file.endsWith('/store.ts'))).toEqual([])
  })

  test('only the database and the stores import Prisma', () => {
    const importing = sources.filter(({ imports }) =>
      imports.some(path => path.startsWith('@prisma/') || path.startsWith(generated)),
    )
    expect(
      importing.map(({ file }) => file).filter(file => !/^src\/(database\/.*|(\w+\/)+store)\.ts$/.test(file)),
    ).toEqual([])
  })

  test('no provider is named outside providers/', () => {
    const own = providers.flatMap(({ id, name, baseUrl }) => [id, name, ...(baseUrl === null ? [] : [baseUrl])])
    // What inspection calls by a provider's name are the secrets that it issues, whether it is configured or not.
    const named = sources
      .filter(({ file }) => !file.startsWith('providers/') && !file.startsWith('src/inspection/secrets/'))
      .flatMap(({ file, text }) =>
        own
          .filter(name => ["'", '"', '`'].some(quote => text.includes(quote + name + quote)))
          .map(name => `${file}: ${name}`),
      )
    expect(named).toEqual([])
  })

  test('one provider is imported by name: the stand-in, by the process', () => {
    const shared = ['provider.ts', 'index.ts', 'configure.ts'].map(name => `providers/${name}`)
    const importing = sources
      .filter(({ file }) => !file.startsWith('providers/'))
      .flatMap(({ file, imports }) =>
        imports.filter(path => path.startsWith('providers/') && !shared.includes(path)).map(path => `${file}: ${path}`),
      )
    expect(importing).toEqual(['src/server.ts: providers/demo/index.ts'])
  })
})

// V8 places such a function among old objects. What it refers to then outlives the call (see src/call/call.ts).
test('no function is written into a property', () => {
  const written = /^[^'"`/*]*\.[\w#]+ = (?:async )?(?:function\b|\w+ =>|\([^()]*\)(?:: [\w<>| ]+)? =>)/m
  expect('  call.release = () => {').toMatch(written)
  expect('  call.release = function end() {').toMatch(written)
  expect(
    sources.filter(({ file, text }) => file.startsWith('src/') && written.test(text)).map(({ file }) => file),
  ).toEqual([])
})
