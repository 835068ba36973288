import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { pages, read, root } from './pages.ts'

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
