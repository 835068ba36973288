// The commands on the database of a running proxy: what it decided is what they judge again.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { placeEmbedded } from '../../fakes/embedded.ts'
import { runScript, type ServerProcess, startServer } from '../../fakes/process.ts'

let dataDir: string
let proxy: ServerProcess
let refused: string

const shadowed = { id: 'classifying', when: "call.operation == 'classify'", effect: 'block', mode: 'shadow' }
const drafting = {
  id: 'drafting',
  when: "call.operation == 'draft'",
  effect: 'flag',
  rollout: { percent: 100, by: 'customer', experiment: 'variants' },
}
const candidate = {
  everyone: { rules: { rules: [{ id: 'no_drafts', when: "call.operation == 'draft'", effect: 'block' }] } },
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'governance-rehearsal-'))
  placeEmbedded(dataDir)
  await writeFile(join(dataDir, 'candidate.yaml'), JSON.stringify(candidate))
  proxy = await startServer({ DATA_DIR: dataDir })
  const token = await proxy.firstKey()
  expect(await policy('set', 'rules', JSON.stringify({ rules: [shadowed, drafting] }))).toMatchObject({ code: 0 })

  async function check(operation: string, metadata = {}) {
    const response = await fetch(`${proxy.url}/v1/check`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'llama-3', operation, metadata }),
    })
    return (await response.json()) as { decision_id: string }
  }
  await check('classify')
  await check('draft')
  refused = (await check('draft', { contains_personal_data: true })).decision_id
  await vi.waitUntil(async () => (await policy('explain', refused)).code === 0, { timeout: 20_000 })
}, 90_000)
afterAll(async () => {
  await proxy.end()
  await rm(dataDir, { recursive: true, force: true })
})

const policy = (...args: string[]) => runScript('policy', args, { DATA_DIR: dataDir })

const replay = (...args: string[]) => policy('replay', join(dataDir, 'candidate.yaml'), ...args)

describe('npm run policy', { timeout: 60_000 }, () => {
  test('replay tells what a file would have done', async () => {
    const { code, stdout } = await replay()
    expect(code).toBe(0)
    expect(stdout).toMatch(/^3 decisions were judged again\.$/m)
    expect(stdout).toMatch(/newly blocked +1 +33\.33%/)
    expect(stdout).toMatch(/no_drafts +1 +0 {2}[0-9a-f-]{36}/)
    expect(stdout).toContain('admin@example.com')
  })

  test('replay tells machines the same', async () => {
    const { stdout } = await replay('--json', '--since', '1d', '--customer', 'admin@example.com')
    expect(JSON.parse(stdout)).toMatchObject({
      decisions: 3,
      changed: 1,
      otherwise: 1,
      by: { customer: [{ name: 'admin@example.com', newly_blocked: 1 }] },
      failed: [],
    })
  })

  test('replay fails a pipeline where a bound is passed, and names the bound', async () => {
    const failed = await replay('--fail-if', 'newly_blocked>0.5%', '--fail-if', 'errors>0')
    expect(failed).toMatchObject({ code: 1, stderr: 'Failed: newly_blocked>0.5%\n' })
    expect(await replay('--fail-if', 'newly_allowed>0')).toMatchObject({ code: 0 })
  })

  test('replay --verify finds every decision as it was recorded', async () => {
    expect(await policy('replay', '--verify')).toMatchObject({
      code: 0,
      stdout: '3 of 3 decisions come out as they were recorded.\n',
    })
  })

  test('shadow tells what a rule saw, and why it is not ready', async () => {
    const { code, stdout } = await policy('shadow')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^classifying$/m)
    expect(stdout).toMatch(/spoke +1 times/)
    expect(stdout).toContain('not ready to enforce:')
    expect(JSON.parse((await policy('shadow', '--json')).stdout)).toMatchObject([
      { rule: 'classifying', decisions: 3, spoke: 1, would_block: 1, ready: false },
    ])
  })

  test('experiments sets the shares of rules side by side', async () => {
    const { stdout } = await policy('experiments')
    expect(stdout).toMatch(/^variants, /m)
    expect(stdout).toMatch(/^ +drafting +\(the rest\)$/m)
    expect(stdout).toMatch(/^ +for +1 customer +0 customers$/m)
    expect(stdout).toMatch(/^ +the rule spoke +2 \(66\.67%\) +0 \(0\.00%\)$/m)
    expect(JSON.parse((await policy('experiments', '--json')).stdout)).toMatchObject([
      { name: 'variants', variants: [{ rule: 'drafting', by: 'customer', units: 1, decisions: 3, spoke: 2 }, {}] },
    ])
  })

  test('explain tells why, and what would let it pass', async () => {
    const { stdout } = await policy('explain', refused)
    expect(stdout).toContain('refused (contains_personal_data)')
    expect(stdout).toContain('block_personal_data: contains_personal_data (score 70)')
    expect(stdout).toContain('to let it pass:')
    expect(JSON.parse((await policy('explain', refused, '--json')).stdout)).toMatchObject({ threshold: 50 })
  })

  test.each([
    ['no file', ['replay'], 2],
    ['a bound that is none', ['replay', 'x.yaml', '--fail-if', 'blocked'], 2],
    ['a file that is not there', ['replay', 'none.yaml'], 1],
    ['a period that is none', ['shadow', '--since', 'yesterday'], 2],
    ['a customer that is not there', ['shadow', '--customer', 'nobody@example.com'], 1],
    ['what is no id', ['explain', 'x'], 2],
    ['an id of nothing', ['explain', '01a20ced-1be0-7e62-8a5e-a758deb8672e'], 1],
  ])('given %s it says so', async (_case, args, code) => {
    const answer = await policy(...args)
    expect(answer).toMatchObject({ code, stdout: '' })
    expect(answer.stderr).not.toBe('')
  })
})
