// How long it takes to verify a million entries of an exported file, and in how much memory. The file is made by
// another process, so that its memory does not count.
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync, createReadStream, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readEntries } from '../src/audit/entries/read.ts'
import { openLedgerStore } from '../src/audit/ledger/store.ts'
import { atOneMoment } from '../src/audit/snapshot.ts'
import { migrate } from '../src/database/migrate.ts'
import { openPool } from '../src/database/pool.ts'
import { canonicalise } from '../src/transparency/canonical-json.ts'
import { signCheckpoint } from '../src/transparency/checkpoint.ts'
import { createFrontier } from '../src/transparency/frontier.ts'
import { decodeEntries, encodeEntry } from '../src/transparency/json-lines.ts'
import { createSigner, generatePrivateKey, parseVerifierKey } from '../src/transparency/keys.ts'
import { splitNotes } from '../src/transparency/note.ts'
import { recordHash } from '../src/transparency/record.ts'
import { type Report, verify } from '../src/transparency/verify/verify.ts'

const entries = Number(process.env.ENTRIES ?? 1_000_000)
const checkpointEvery = 1000
const limit = { seconds: 30, megabytes: 200 }
const start = Date.UTC(2026, 10, 25)

/** A call with facts, as most are: 1.2 KB of canonical JSON. */
function record(index: number) {
  const created_at = new Date(start + index).toISOString()
  return {
    decision: {
      allowed: true,
      api_key_id: randomUUID(),
      contributions: [{ effect: 'score', policy: 'scores', reason: 'personal_data', rule: 'email', score: 20 }],
      created_at,
      customer_id: randomUUID(),
      id: randomUUID(),
      meta: {
        at: start + index,
        caller: { customer_email: 'alice@example.com', key_age_days: 40, key_name: 'batch' },
        custom: {},
        declared: { team: 'support' },
        external: true,
        known_operation: true,
        max_output_tokens: 4000,
        model: 'gpt-4o',
        operation: 'chat.completions.create',
        personal_data: { declared: false, types: { email: 2, person_name: 3 }, uncertain: { person_name: 1 } },
        prompt_injection: { score: 0.1, speaker: 'user' },
        provider: 'openai',
        secrets: {},
        sizes: { audio: 0, characters: 9000, estimated_tokens: 2250, files: 0, images: 1, messages: 12, tools: 8 },
        source: 'proxy',
        stream: true,
        tools: { names: ['search', 'read_file', 'list_files', 'get_weather'], total: 4 },
        uninspectable_content: ['image'],
        uninspected_characters: 0,
        usage: { month_cost: 12.5 },
      },
      model: 'gpt-4o',
      operation: 'chat.completions.create',
      policy_version: 'b1946ac92492d2347c6235b4d2611184',
      provider: 'openai',
      reason: 'ok',
      request_id: randomUUID(),
      risk_score: 20,
      source: 'proxy',
    },
    outcome: {
      input_tokens: 19,
      latency_ms: index / 7,
      outcome: 'completed',
      output_tokens: 10,
      status: 200,
      upstream_ms: 4,
    },
  }
}

function write(directory: string): void {
  const signer = createSigner(generatePrivateKey())
  const log = randomUUID()
  const frontier = createFrontier()
  const [file, notes] = ['entries', 'checkpoints'].map(name => openSync(join(directory, name), 'w'))
  if (file === undefined || notes === undefined) return
  writeSync(file, encodeEntry({ key: signer.verifierKey }))
  writeSync(file, encodeEntry({ start: { log, size: 0, frontier: [], note: null } }))
  for (let from = 0; from < entries; from += checkpointEvery) {
    let lines = ''
    for (let index = from; index < Math.min(from + checkpointEvery, entries); index++) {
      const made = record(index)
      const leaf = recordHash(made)
      frontier.append(leaf)
      lines += encodeEntry({ entry: { log, index, leaf, record: made } })
    }
    const note = signCheckpoint({ log, size: frontier.size, root: frontier.root() }, [signer])
    writeSync(file, lines + encodeEntry({ checkpoint: { log, note } }))
    writeSync(notes, `${note}\n`)
  }
  for (const open of [file, notes]) closeSync(open)
  writeSync(1, signer.verifierKey)
}

/** The same into an empty database. */
async function fill(url: string): Promise<void> {
  await migrate(url)
  const { store, close } = openLedgerStore(url)
  const signer = createSigner(generatePrivateKey())
  await store.addKey(signer.verifierKey)
  const log = randomUUID()
  const frontier = createFrontier()
  for (let from = 0; from < entries; from += checkpointEvery) {
    const made = Array.from({ length: Math.min(checkpointEvery, entries - from) }, (_, i) => record(from + i))
    const hashes = made.map(recordHash)
    for (const hash of hashes) frontier.append(hash)
    const rows = made.map(({ decision, outcome }) => ({
      id: decision.id,
      decision: canonicalise(decision),
      outcome: canonicalise(outcome),
    }))
    await store.append(log, from, Buffer.concat(hashes), rows)
    const note = signCheckpoint({ log, size: frontier.size, root: frontier.root() }, [signer])
    await store.addCheckpoint(log, { size: frontier.size, note, frontier: frontier.serialise() })
  }
  await close()
  writeSync(1, signer.verifierKey)
}

/** What is verified is made by a process of its own, whose memory is not the verifier's. Returns the key. */
function prepare(by: 'write' | 'fill', place: string) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [import.meta.filename, by, place], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return [parseVerifierKey(stdout)]
}

async function measureDatabase(url: string): Promise<void> {
  const keys = prepare('fill', url)
  const pool = openPool(url, 1)
  await report(() => atOneMoment(pool, database => verify(readEntries(database), { keys, now: start })))
  await pool.end()
}

async function measureFile(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'transparency-'))
  try {
    const keys = prepare('write', directory)
    const checkpoints = splitNotes(readFileSync(join(directory, 'checkpoints'), 'utf8'))
    const source = createReadStream(join(directory, 'entries'), { highWaterMark: 1 << 18 })
    await report(() => verify(decodeEntries(source), { keys, checkpoints, now: start }))
  } finally {
    rmSync(directory, { recursive: true })
  }
}

async function report(run: () => Promise<Report>): Promise<void> {
  const [startedAt, before] = [performance.now(), process.cpuUsage()]
  const { ok, counts } = await run()
  const seconds = (performance.now() - startedAt) / 1000
  const { user, system } = process.cpuUsage(before)
  const megabytes = process.resourceUsage().maxRSS / 1024
  console.table([{ ok, ...counts, seconds, 'CPU seconds': (user + system) / 1e6, megabytes }])
  if (!ok || seconds > limit.seconds || megabytes > limit.megabytes) process.exitCode = 1
}

const [, , by, place = ''] = process.argv
const url = process.env.BENCH_DATABASE_URL
if (by === 'fill') await fill(place)
else if (by === 'write') write(place)
else if (url !== undefined) await measureDatabase(url)
else await measureFile()
