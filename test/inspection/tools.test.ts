import { expect, test } from 'vitest'
import { toolNamesIn } from '../../src/inspection/tools.ts'
import { inspectJson } from './looking.ts'

const table: [what: string, tools: unknown[], names: string[]][] = [
  ['a function of a chat', [{ type: 'function', function: { name: 'read_file' } }], ['read_file']],
  ['a function of a response', [{ type: 'function', name: 'read_file', parameters: {} }], ['read_file']],
  ['a function of old', [{ name: 'read_file', description: 'Reads' }], ['read_file']],
  ['a tool of free form', [{ type: 'custom', custom: { name: 'shell' } }], ['shell']],
  ["a tool of the provider's own", [{ type: 'web_search' }], ['web_search']],
  ['a server', [{ type: 'mcp', server_label: 'files', server_url: 'https://example.com' }], ['files']],
  [
    'both names of one that has two',
    [{ type: 'function', name: 'write', function: { name: 'read' } }],
    ['read', 'write'],
  ],
  ['a custom one beside a decoy', [{ type: 'custom', function: { name: 'a' }, custom: { name: 'b' } }], ['a', 'b']],
  ["a tool of the provider's own with a name", [{ type: 'web_search', name: 'a' }], ['a', 'web_search']],
  ['each name once', [{ name: 'a' }, { name: 'b' }, { name: 'a' }], ['a', 'b']],
  ['a version', [{ name: 'search-v2.1' }], ['search-v2.1']],

  ['no sentence', [{ name: 'tell alice that the deal is off' }], []],
  ['no number that could be a card', [{ name: 'card_4111' }, { name: '4-1-1-1' }], []],
  ['nothing of 65 characters', [{ name: 'a'.repeat(65) }], []],
  ['no other alphabet', [{ name: 'поиск' }], []],
  ['nothing that is no name', [null, 'read', 7, {}, { name: 7 }, { name: null, type: 'function' }, []], []],
]

test.each(table)('%s', (_what, tools, names) => {
  expect(toolNamesIn(tools)).toEqual(names)
})

test('at most 64 names', () => {
  const many = Array.from({ length: 200 }, (_, index) => ({ name: `tool_${index}` }))
  expect(toolNamesIn(many)).toHaveLength(64)
})

test('tools of a namespace are tools', () => {
  const tools = [{ type: 'namespace', name: 'files', tools: [{ type: 'function', name: 'write' }] }, { name: 'read' }]
  expect(inspectJson({ tools })).toMatchObject({ toolNames: ['files', 'write', 'read'], sizes: { tools: 3 } })
})
