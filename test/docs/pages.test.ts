import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../fakes/database.ts'
import { startProxy } from '../fakes/proxy.ts'
import { page, pages, read, root } from './pages.ts'

/** Anchors as GitHub makes them from headings. */
const anchors = (text: string) =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )

describe.each([...pages])('%s', (file, text) => {
  test('links lead somewhere', () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
    const broken = links.filter(link => {
      if (/^https?:/.test(link)) return false
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? file : join(dirname(file), path)
      return !existsSync(join(root, target)) || (anchor !== undefined && !anchors(read(target)).includes(anchor))
    })
    expect(broken).toEqual([])
  })

  test('commands exist', () => {
    const { scripts } = JSON.parse(read('package.json'))
    const named = [...text.matchAll(/\bnpm run (?:--silent )?([\w-]+)/g)].map(([, name = '']) => name)
    expect(named.filter(name => !(name in scripts))).toEqual([])
  })

  test('files of the repository exist', () => {
    const named = [...text.matchAll(/`((?:src|test|prisma|providers|scripts|docs|bench)\/[\w./-]*)`/g)]
    expect(named.map(([, path = '']) => path).filter(path => !existsSync(join(root, path)))).toEqual([])
  })

  test('JSON can be pasted', () => {
    const blocks = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map(([, block = '']) => block)
    const bodies = [...text.matchAll(/ '(\{.*\})'/g)].map(([, body = '']) => body)
    for (const json of [...blocks, ...bodies]) expect(() => JSON.parse(json), json).not.toThrow()
  })
})

test('the README leads to every page, or to one that does', () => {
  const readme = pages.get('README.md') ?? ''
  const linked = new Set(
    [...pages].flatMap(([file, text]) =>
      [...text.matchAll(/\]\(([^)\s#]+\.md)/g)].map(([, link = '']) => join(dirname(file), link)),
    ),
  )
  const isGuide = (file: string) => /^docs\/[^/]+\.md$/.test(file)
  const unled = [...pages.keys()].filter(file => !(isGuide(file) ? readme.includes(`](${file})`) : linked.has(file)))
  expect(unled.filter(file => file !== 'README.md')).toEqual([])
})

describe('API.md shows what the proxy answers', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>
  let proxy: Awaited<ReturnType<typeof startProxy>>

  beforeAll(async () => {
    database = await testDatabase()
    proxy = await startProxy({ database })
  })
  afterAll(async () => {
    await proxy.stop()
    await database.close()
  })

  /** The JSON under the heading of an endpoint. */
  const shownFor = (endpoint: string) => {
    const [, section = ''] = page('API.md').split(`\n## \`${endpoint}\`\n`)
    const [own = ''] = section.split('\n## ')
    return [...own.matchAll(/```json\n([\s\S]*?)```/g)].map(([, block = '']) => JSON.parse(block))
  }

  /** Ids and hashes differ from one installation to the next. */
  const withoutIds = (answer: unknown) =>
    JSON.parse(JSON.stringify(answer), (key, value) => (/_id$|^policy_version$/.test(key) ? typeof value : value))

  test.each(['/v1/check', '/api/inspect', '/api/evaluate'])('to POST %s', async path => {
    const shown = shownFor(`POST ${path}`)
    const [request, answer] = shown.length === 1 ? [undefined, ...shown] : shown
    const { token } = await proxy.addCustomer({ block_external_models: { approved_providers: [] } })
    const response = await fetch(`${proxy.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, ...(request && { 'content-type': 'application/json' }) },
      ...(request && { body: JSON.stringify(request) }),
    })
    expect(response.status).toBe(200)
    expect(withoutIds(await response.json())).toEqual(withoutIds(answer))
  })
})
