// Two verifiers, written in two languages, the second from docs/AUDIT_FORMAT.md: they have to find the same.
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import { canonicalise } from '../../src/transparency/canonical-json.ts'
import type { Entry } from '../../src/transparency/entry.ts'
import { createFrontier } from '../../src/transparency/frontier.ts'
import { proveInclusion } from '../../src/transparency/inclusion.ts'
import { decodeEntries, encodeEntry } from '../../src/transparency/json-lines.ts'
import { LineFault } from '../../src/transparency/lines.ts'
import { verifyProof, writeProof } from '../../src/transparency/proof.ts'
import { verify } from '../../src/transparency/verify/verify.ts'
import {
  append,
  call,
  createInstallation,
  createLog,
  createRandom,
  entriesOf,
  type Installation,
  now,
  pruning,
  sign,
  signer,
  trusted,
} from './installation.ts'
import { manipulations } from './manipulations.ts'

const run = promisify(execFile)
const script = fileURLToPath(new URL('verify.py', import.meta.url))
const hasPython = await run('python3', ['--version']).then(
  () => true,
  () => false,
)

type Found = { kind: string; log: string | null; index: number | null; end: number | null }
type Verdict = {
  ok: boolean
  malformed?: boolean
  findings?: Found[]
  unchecked?: number
  record?: unknown
  index?: number
}

let directory = ''
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'verifiers-'))
})
afterAll(() => rm(directory, { recursive: true }))

async function second(args: string[], text: string | Buffer): Promise<Verdict> {
  const file = join(directory, 'input')
  await writeFile(file, text)
  const { stdout } = await run('python3', [script, ...args, '--key', signer.verifierKey, file]).catch(
    failure => failure,
  )
  return JSON.parse(stdout)
}

async function both(lines: string, outside: string[], partial = false): Promise<{ first: Verdict; second: Verdict }> {
  const kept = join(directory, 'checkpoints')
  await writeFile(kept, outside.map(note => `${note}\n`).join(''))
  const options = ['--checkpoints', kept, '--now', String(now), ...(partial ? ['--partial'] : [])]
  return {
    first: await first(lines, outside, partial),
    second: ordered(await second(['entries', ...options], lines)),
  }
}

async function first(lines: string, checkpoints: string[], partial: boolean): Promise<Verdict> {
  async function* source() {
    yield Buffer.from(lines)
  }
  try {
    const { ok, findings, outside } = await verify(decodeEntries(source()), {
      keys: [trusted],
      checkpoints,
      now,
      partial,
    })
    const found = findings.map(({ kind, log, index, end }) => ({ kind, log, index, end }))
    return ordered({ ok, findings: found, unchecked: outside.unchecked })
  } catch (error) {
    if (!(error instanceof LineFault)) throw error
    return { ok: false, malformed: true }
  }
}

function ordered(verdict: Verdict): Verdict {
  const { findings } = verdict
  if (findings === undefined) return verdict
  return { ...verdict, findings: findings.toSorted((a, b) => (canonicalise(a) < canonicalise(b) ? -1 : 1)) }
}

function linesOf(entries: Iterable<Entry>): string {
  return Array.from(entries, encodeEntry).join('')
}

function world(seed: number): ReturnType<typeof createInstallation> {
  // Signatures take a while in Python, so these are short.
  return createInstallation(createRandom(seed), 8)
}

/** The first installation to which a manipulation can be done. */
function changedBy(manipulate: (typeof manipulations)[string]): Installation {
  for (let seed = 1; seed < 1000; seed++) {
    const { installation, older } = world(seed)
    if (manipulate(installation, createRandom(seed), older)) return installation
  }
  throw new Error('No installation allows it')
}

describe.skipIf(!hasPython)('both verifiers', { timeout: 60_000 }, () => {
  test.each([1, 2])('find nothing in good logs, seed %i', async seed => {
    const { installation } = world(seed)
    const verdicts = await both(linesOf(entriesOf(installation)), installation.outside)
    expect(verdicts.first).toEqual({ ok: true, findings: [], unchecked: 0 })
    expect(verdicts.second).toEqual(verdicts.first)
  })

  test.each(Object.entries(manipulations))('find the same: %s', async (_name, manipulate) => {
    const changed = changedBy(manipulate)
    const verdicts = await both(linesOf(entriesOf(changed)), changed.outside)
    expect(verdicts.first.ok).toBe(false)
    expect(verdicts.second).toEqual(verdicts.first)
  })

  test('find the same in what begins late', async () => {
    const log = createLog()
    const random = createRandom(5)
    for (let count = 0; count < 13; count++) append(log, call(now - 600_000, random))
    const [all, frontier] = [createFrontier(), createFrontier()]
    for (const [index, leaf] of log.leaves.entries()) {
      if (leaf === null) continue
      all.append(leaf)
      if (index < 11) frontier.append(leaf)
    }
    const early = { ...createLog(), id: log.id, leaves: log.leaves.slice(0, 11) }
    const [note, last] = [sign(early), sign(log)]
    const start = { log: log.id, size: 11, frontier: frontier.hashes, note }
    const rest = Array.from(entriesOf({ signer, keys: [], logs: [log], strays: [], outside: [] })).slice(12)
    const starts: Entry[] = [
      { start },
      { start: { ...start, note: null } },
      { start: { ...start, note: last } },
      { start: { ...start, frontier: frontier.hashes.slice(1) } },
      { start: { ...start, frontier: frontier.hashes.toReversed() } },
    ]
    for (const [place, entry] of starts.entries()) {
      const verdicts = await both(linesOf([entry, ...rest]), [note, last], true)
      expect(verdicts.first.ok).toBe(place === 0)
      expect(verdicts.second).toEqual(verdicts.first)
    }
    const whole = await both(linesOf([{ start }, ...rest]), [])
    expect(whole.first.findings).toEqual([{ kind: 'gap', log: log.id, index: 0, end: 11 }])
    expect(whole.second).toEqual(whole.first)
  })

  // Checkpoints that were signed after an export was made, and a pruning in it of leaves that are after its end.
  test.each([
    [true, { ok: true, findings: [], unchecked: 3 }],
    [false, { ok: false, unchecked: 0 }],
  ])('find the same in what ends early, parts asked for: %s', async (partial, expected) => {
    const random = createRandom(6)
    const [log, retention, younger] = [createLog(), createLog(), createLog()]
    const outside: string[] = []
    for (let count = 1; count <= 12; count++) {
      append(log, call(now - 600_000, random))
      if (count % 4 === 0) outside.push(sign(log))
    }
    append(younger, call(now - 600_000, random))
    outside.push(sign(younger))
    append(retention, pruning(now - 600_000, log.id, 0, 9))
    outside.push(sign(retention))
    const lines = Array.from(entriesOf({ signer, keys: [], logs: [log, retention], strays: [], outside: [] }))
    const exported = lines.filter(line => {
      if ('entry' in line && line.entry.log === log.id) {
        if (line.entry.index < 4) delete line.entry.record
        return line.entry.index < 4
      }
      return !('checkpoint' in line) || line.checkpoint.log !== log.id || line.checkpoint.note === outside[0]
    })
    const verdicts = await both(linesOf(exported), outside, partial)
    expect(verdicts.first).toMatchObject(expected)
    expect(verdicts.second).toEqual(verdicts.first)
  })

  test('find the same in lines that were moved', async () => {
    const { installation } = world(3)
    const lines = linesOf(entriesOf(installation)).split(/(?<=\n)/)
    const random = createRandom(3)
    for (let round = 0; round < 4; round++) {
      const [from, to] = [random(lines.length), random(lines.length)]
      const moved = lines.toSpliced(from, 1).toSpliced(to, 0, lines[from] ?? '')
      const verdicts = await both(moved.join(''), installation.outside)
      expect(verdicts.second).toEqual(verdicts.first)
    }
  })

  test.each([
    ['cut off', (lines: string) => lines.slice(0, -10)],
    ['with an unknown kind', (lines: string) => `${lines}{"other":{}}\n`],
    ['with an unknown member', (lines: string) => lines.replace('"index":', '"more":1,"index":')],
    ['with an empty line', (lines: string) => `${lines}\n`],
    ['with bad base 64', (lines: string) => lines.replace('"leaf":"', '"leaf":" ')],
    ['with a negative index', (lines: string) => lines.replace('"index":0', '"index":-1')],
  ])('refuse a stream %s', async (_name, spoil) => {
    const { installation } = world(1)
    const verdicts = await both(spoil(linesOf(entriesOf(installation))), [])
    expect(verdicts.first).toEqual({ ok: false, malformed: true })
    expect(verdicts.second).toEqual(verdicts.first)
  })

  test.each([
    ['in a decision', '"decision":{', '"decision":{"id":"hidden",', false],
    ['in an entry', '"index":0', '"index":1,"index":0', false],
    ['in a checkpoint', '{"checkpoint":{', '{"checkpoint":{"log":"hidden",', true],
    ['in a start', '"size":0', '"size":1,"size":0', true],
    ['of lines', '{"key":', '{"key":"hidden","key":', true],
  ])('see a member given twice %s', async (_name, once, twice, malformed) => {
    const { installation } = world(1)
    const lines = linesOf(entriesOf(installation)).replace(once, twice)
    const verdicts = await both(lines, installation.outside)
    expect(verdicts.first).toMatchObject(malformed ? { malformed } : { ok: false, findings: [{ kind: 'edited' }] })
    expect(verdicts.second).toEqual(verdicts.first)
  })

  // Texts of the first would have V8 read the names of the second wrongly.
  test.each<[string, JsonObject, JsonObject, string, boolean]>([
    ['as it is', { k: 1, '\\': 1 }, { k: 1, '\n': 1 }, '"\\n":1', true],
    ['changed', { k: 1, '\\': 1 }, { k: 1, '\\': 1 }, '"\\n":1', false],
    ['given twice', { '\n': 1, '\\': 2 }, { '\n': 1, '\\': 2 }, '"\\n":2', false],
    ['a path', { a: 1, 'C:\\temp': 2 }, { a: 1, 'C:\\temp': 2 }, '"C:\\tempX":2', false],
  ])('read a name with an escape: %s', async (_name, first, second, member, isGood) => {
    const log = createLog()
    const created_at = new Date(now).toISOString()
    for (const meta of [first, second]) append(log, { decision: { created_at, meta } })
    const note = sign(log)
    const lines = linesOf(entriesOf({ signer, keys: [], logs: [log], strays: [], outside: [] })).split(/(?<=\n)/)
    const changed = lines.map((line, at) => (at === 2 ? line.replace(/"[^"]*":\d}}(?=}})/, () => `${member}}}`) : line))
    const verdicts = await both(changed.join(''), [note])
    expect(verdicts.first.findings).toMatchObject(isGood ? [] : [{ kind: 'edited', index: 1 }])
    expect(verdicts.second).toEqual(verdicts.first)
  })

  test.each(['2026-11-25T12:00:00.0002', '2026-11-25 12:00:00.000Z', '٢026-11-25T12:00:00.000Z'])(
    'take %s for no time',
    async created_at => {
      const log = createLog()
      append(log, { decision: { created_at } })
      const verdicts = await both(linesOf(entriesOf({ signer, keys: [], logs: [log], strays: [], outside: [] })), [])
      expect(verdicts.first.findings).toMatchObject([{ kind: 'unsigned' }])
      expect(verdicts.second).toEqual(verdicts.first)
    },
  )

  test('write numbers in the same way', async () => {
    const random = createRandom(7)
    const numbers = Array.from({ length: 3000 }, () => {
      const bytes = Buffer.from(Array.from({ length: 8 }, () => random(256)))
      return bytes.readDoubleBE()
    }).filter(Number.isFinite)
    for (let exponent = -12; exponent < 25; exponent++)
      numbers.push(10 ** exponent, -1.5 * 10 ** exponent, 123 * 10 ** exponent)
    const log = createLog()
    append(log, { decision: { created_at: new Date(now).toISOString(), meta: { numbers } } })
    const note = sign(log)
    const verdicts = await both(linesOf(entriesOf({ signer, keys: [], logs: [log], strays: [], outside: [] })), [note])
    expect(verdicts.first).toEqual({ ok: true, findings: [], unchecked: 0 })
    expect(verdicts.second).toEqual(verdicts.first)
  })

  test('refuse checkpoints that are not UTF-8', async () => {
    const { installation } = world(1)
    const lines = linesOf(entriesOf(installation))
    const [note = ''] = installation.outside
    const kept = join(directory, 'latin1')
    await writeFile(kept, Buffer.from(`${note.replace('ai-', '\xe9-').replace('—', '-')}\n`, 'latin1'))
    const { ok, findings } = await second(['entries', '--checkpoints', kept, '--now', String(now)], lines)
    expect({ ok, findings }).toMatchObject({ ok: false, findings: [{ kind: 'bad_signature', log: null }] })
  })

  test('accept the same proofs', async () => {
    const log = createLog()
    const random = createRandom(9)
    for (let count = 0; count < 7; count++) append(log, call(now, random))
    const note = sign(log)
    const leaves = log.leaves.filter(leaf => leaf !== null)
    for (const index of [0, 6]) {
      const data = canonicalise(log.rows.get(index))
      const text = writeProof({ index, data, path: await proveInclusion(index, 7, leaves), note })
      expect(await second(['proof'], text)).toMatchObject({
        ok: true,
        index,
        record: verifyProof(text, [trusted]).record,
      })
      const foreign = Buffer.from(text.replace('index', 'ind\xe9x'), 'latin1')
      expect(await second(['proof'], foreign)).toEqual({ ok: false, malformed: true })
      expect(() => verifyProof(foreign.toString(), [trusted])).toThrow('Not a proof')
      const spoiled = text.replace(/^index .$/m, 'index 3')
      expect(await second(['proof'], spoiled)).toMatchObject({ ok: false })
      expect(() => verifyProof(spoiled, [trusted])).toThrow()
    }
  })
})
