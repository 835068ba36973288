import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createJournal, type Journal } from '../../src/audit/journal.ts'
import { writeDecision, writeOutcome } from '../../src/audit/record/record.ts'
import { segmentPath, segmentsIn } from '../../src/audit/spool/segments.ts'
import { generatePrivateKey } from '../../src/transparency/keys.ts'
import { testDatabase } from '../fakes/database.ts'
import { keptLog } from './kept-log.ts'
import { type MadeRecord, makeOwner, makeRecord, type Owner } from './records.ts'
import { writtenLine } from './spool/written-line.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let owner: Owner
let dataDir: string
const signingKey = generatePrivateKey()
const started: Journal[] = []

beforeAll(async () => {
  database = await testDatabase()
  owner = await makeOwner(database.prisma)
})
afterAll(() => database.close())
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'governance-journal-'))
})
afterEach(async () => {
  for (const journal of started.splice(0)) await journal.stop().catch(() => {})
  rmSync(dataDir, { recursive: true, force: true })
})

async function start(settings: Partial<Parameters<typeof createJournal>[0]> = {}) {
  const { log, lines } = keptLog()
  const journal = createJournal({
    directory: join(dataDir, 'audit'),
    checkpoints: join(dataDir, 'checkpoints'),
    databaseUrl: database.url,
    signingKey,
    publishTo: [],
    sync: 'group',
    limitBytes: 1_000_000,
    log,
    ...settings,
  })
  await journal.start()
  started.push(journal)
  return { journal, lines }
}

const instances = () =>
  readdirSync(join(dataDir, 'audit'), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => join(dataDir, 'audit', name))
const waiting = () => instances().flatMap(directory => segmentsIn(directory))
const rowOf = ({ decision }: MadeRecord) => database.prisma.usageLog.findUnique({ where: { id: decision.id } })
const enter = (journal: Journal, record: MadeRecord) => journal.enter(record.decision, record.outcome)

/** Long, but far shorter than what a courier that was not told would take. */
const soon = { timeout: 20_000, interval: 50 }

it('says that the end of its checkpoints was damaged, and puts it aside', async () => {
  const { journal } = await start()
  await enter(journal, makeRecord(owner))
  await journal.stop()
  const [checkpoints = ''] = readdirSync(join(dataDir, 'checkpoints'))
  appendFileSync(join(dataDir, 'checkpoints', checkpoints), 'ai-governance-proxy/torn')
  const { lines } = await start()
  const text = 'The end of the kept checkpoints was damaged, and was put aside'
  expect(lines).toContainEqual({ level: 'error', fields: { log: checkpoints, bytes: 24 }, text })
  expect(readFileSync(join(instances()[0] ?? '', 'torn-checkpoints'), 'utf8')).toBe('ai-governance-proxy/torn')
})

describe.each(['group', 'always'] as const)('a journal that syncs by %s', sync => {
  it('has what it took on record, and an empty spool, once it has stopped', async () => {
    const { journal, lines } = await start({ sync })
    const [whole, ended, open] = [makeRecord(owner), makeRecord(owner), makeRecord(owner)]
    await enter(journal, whole)
    await journal.open(ended.decision)
    await journal.open(open.decision)
    journal.close(ended.decision.id, ended.outcome)
    await journal.stop()
    expect(await rowOf(whole)).toMatchObject({ outcome: 'completed', logId: expect.any(String) })
    expect(await rowOf(ended)).toMatchObject({ outcome: 'completed', inputTokens: 19 })
    expect(await rowOf(open)).toMatchObject({ outcome: 'interrupted', inputTokens: null })
    expect(waiting()).toEqual([])
    expect(readdirSync(join(dataDir, 'checkpoints'))).toHaveLength(1)
    expect(lines.filter(({ level }) => level === 'error')).toEqual([])
  })
})

describe('a journal', () => {
  it('stores while it runs, and knows how old the oldest line is that is not stored', async () => {
    const { journal } = await start()
    for (let i = 0; i < 5; i++) {
      const record = makeRecord(owner)
      enter(journal, record)
      expect(journal.status()).toMatchObject({ accepting: true, missed: 0 })
      await expect.poll(() => rowOf(record), soon).not.toBeNull()
    }
    await expect.poll(() => journal.status().ageMs, soon).toBe(0)
  })

  it('counts calls without a record', async () => {
    const { journal, lines } = await start()
    journal.miss(uuidv7())
    journal.miss(uuidv7())
    expect(journal.status().missed).toBe(2)
    expect(lines.filter(({ text }) => text === 'A call has no record')).toHaveLength(2)
  })

  it('does not lose the end of a call for figures that no record takes, and never names them', async () => {
    const { journal, lines } = await start()
    const record = makeRecord(owner)
    await journal.open(record.decision)
    journal.close(record.decision.id, { ...record.outcome, input_tokens: -1_234_512_345 })
    await journal.stop()
    expect(await rowOf(record)).toMatchObject({ outcome: 'completed', status: 200, inputTokens: null })
    expect(lines).toContainEqual(
      expect.objectContaining({ fields: expect.objectContaining({ member: 'input_tokens' }) }),
    )
    expect(JSON.stringify(lines)).not.toContain('1234512345')
  })

  it('takes no decision that has no shape of a record', async () => {
    const { journal } = await start()
    const { decision } = makeRecord(owner, { model: 'what the caller said' })
    expect(() => journal.open(decision)).toThrow('model is not a name of its kind')
  })

  it('shares its directory with others, each with a log of its own', async () => {
    const [{ journal: one }, { journal: other }] = [await start(), await start()]
    const records = [makeRecord(owner), makeRecord(owner)] as const
    enter(one, records[0])
    enter(other, records[1])
    await Promise.all([one.stop(), other.stop()])
    const logs = await Promise.all(records.map(async record => (await rowOf(record))?.logId))
    expect(new Set(logs).size).toBe(2)
    expect(instances()).toHaveLength(2)
    expect(waiting()).toEqual([])
  })

  it('takes up what others left that are gone, and their directories serve again', async () => {
    const left = [makeRecord(owner), makeRecord(owner)] as const
    left.forEach(({ decision, outcome }, i) => {
      const directory = join(dataDir, 'audit', `gone-${i}`)
      mkdirSync(directory, { recursive: true })
      const whole = { decision: writeDecision(decision), outcome: writeOutcome(outcome) }
      const lines = [writtenLine({ kind: 'whole', id: decision.id, ...whole }), 'torn']
      writeFileSync(segmentPath(directory, 1), lines.join(''))
    })
    const { journal } = await start()
    for (const record of left) await expect.poll(() => rowOf(record), soon).not.toBeNull()
    await journal.stop()
    expect(waiting()).toEqual([])
    for (const directory of instances()) {
      expect(readdirSync(directory).sort()).toEqual(['damaged', 'log', 'reserve'])
    }
    const again = await start()
    await again.journal.stop()
    expect(instances()).toHaveLength(2)
  })

  it('leaves in the spool what a database that is away does not take, and has it on record after the next start', async () => {
    const { journal, lines } = await start({ databaseUrl: 'postgres://nobody@127.0.0.1:1/nothing' })
    const record = makeRecord(owner)
    enter(journal, record)
    await journal.stop()
    expect(waiting()).toHaveLength(1)
    expect(lines).toContainEqual(
      expect.objectContaining({ text: 'Records are left in the audit spool for the next start' }),
    )
    const next = await start()
    await next.journal.stop()
    expect(await rowOf(record)).toMatchObject({ outcome: 'completed' })
    expect(waiting()).toEqual([])
  })

  it('stops though it was never started', async () => {
    const { log } = keptLog()
    const journal = createJournal({
      directory: join(dataDir, 'audit'),
      checkpoints: join(dataDir, 'checkpoints'),
      databaseUrl: database.url,
      signingKey,
      publishTo: [],
      sync: 'group',
      limitBytes: 1_000_000,
      log,
    })
    await journal.stop()
  })
})
