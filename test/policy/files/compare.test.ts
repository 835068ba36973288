import { expect, test } from 'vitest'
import { type Change, compare } from '../../../src/policy/files/compare.ts'
import type { Layers, PoliciesFile } from '../../../src/policy/files/policies.ts'

const flag = (id: string, when = 'call.stream') => ({ id, when, effect: 'flag' })
const none: Layers = { everyone: {}, customers: {} }
const alice = 'alice@example.com'

type Row = [what: string, stored: Layers, file: PoliciesFile, changes: Partial<Change>[]]

const rows: Row[] = [
  ['nothing against nothing', none, {}, []],
  ['a default, said', none, { everyone: { rate_limit: { requests: 100 } } }, []],
  [
    'a field',
    none,
    { everyone: { rate_limit: { requests: 5 } } },
    [{ customer: null, policy: 'rate_limit', field: 'requests', before: 100, after: 5 }],
  ],
  ['a section that the file leaves out', { ...none, everyone: { rate_limit: { requests: 5 } } }, { customers: {} }, []],
  [
    'what the file does not say any more',
    { ...none, everyone: { rate_limit: { requests: 5 } } },
    { everyone: {} },
    [{ customer: null, policy: 'rate_limit', field: 'requests', before: 5, after: 100 }],
  ],
  [
    'rules, by their ids',
    { ...none, everyone: { rules: { rules: [flag('gone'), flag('changed'), flag('same')] } } },
    { everyone: { rules: { rules: [flag('changed', 'call.external'), flag('same'), flag('added')] } } },
    [
      { field: 'rules.gone', after: undefined },
      { field: 'rules.changed.when', before: 'call.stream', after: 'call.external' },
      { field: 'rules.added', before: undefined },
    ],
  ],
  [
    'a customer that is new',
    none,
    { customers: { [alice]: { rate_limit: { requests: 100 } } } },
    [{ customer: alice, policy: 'rate_limit', field: 'requests', before: undefined, after: 100 }],
  ],
  [
    'a customer that is gone',
    { ...none, customers: { [alice]: { rate_limit: { requests: 100 } } } },
    { customers: {} },
    [{ customer: alice, policy: 'rate_limit', field: 'requests', before: 100, after: undefined }],
  ],
  [
    'a list of words',
    { ...none, customers: { [alice]: { allowed_models: { models: ['a'] } } } },
    { customers: { [alice]: { allowed_models: { models: ['a', 'b'] } } } },
    [{ customer: alice, policy: 'allowed_models', field: 'models', before: ['a'], after: ['a', 'b'] }],
  ],
]

test.each(rows)('%s', (_what, stored, file, changes) => {
  expect(compare(stored, file)).toMatchObject(changes)
  expect(compare(stored, file)).toHaveLength(changes.length)
})
