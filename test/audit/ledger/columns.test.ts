import { expect, test } from 'vitest'
import { columns, columnsOf } from '../../../src/audit/ledger/columns.ts'

const cut = (decision: string, outcome: string) => {
  const texts = columnsOf([
    { id: '', decision, outcome },
    { id: '', decision: '{}', outcome: '{}' },
  ])
  return Object.fromEntries(columns.map(({ name }, at) => [name, texts[at]]))
}

test('a record is cut into its members, one line each', () => {
  const meta = String.raw`{"a":"}],\"{[\\","b":[{},[1,"\n"]],"model":"€ 😀"}`
  const decision = `{"allowed":false,"contributions":[],"meta":${meta},"model":"gpt-4o","risk_score":-7}`
  const outcome = '{"cost_usd":7.5e-7,"outcome":"completed","response":{"types":{}},"upstream_ms":4}'
  expect(cut(decision, outcome)).toMatchObject({
    allowed: 'false\n',
    contributions: '[]\n',
    meta: `${meta}\n{}`,
    model: 'gpt-4o\n',
    risk_score: '-7\n',
    source: '\n',
    cost_usd: '7.5e-7\n',
    outcome: 'completed\n',
    response: '{"types":{}}\n',
    upstream_ms: '4\n',
  })
})

test('a member is found at the beginning, at the end and alone', () => {
  expect(cut('{"source":"proxy"}', '{"status":200}')).toMatchObject({
    source: 'proxy\n',
    status: '200\n',
    outcome: '\n',
  })
})
