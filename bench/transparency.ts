// How long it takes to verify a million entries of an exported file, and in how much memory. The file is made by another
// process, so that its memory does not count.
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync, createReadStream, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signCheckpoint } from '../src/transparency/checkpoint.ts'
import { createFrontier } from '../src/transparency/frontier.ts'
import { decodeEntries, encodeEntry } from '../src/transparency/json-lines.ts'
import { createSigner, generatePrivateKey, parseVerifierKey } from '../src/transparency/keys.ts'
import { splitNotes } from '../src/transparency/note.ts'
import { recordHash } from '../src/transparency/record.ts'
import { verify } from '../src/transparency/verify/verify.ts'

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

async function measure(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'transparency-'))
  try {
    const made = spawnSync(process.execPath, [import.meta.filename, directory], { encoding: 'utf8' })
    const keys = [parseVerifierKey(made.stdout)]
    const checkpoints = splitNotes(readFileSync(join(directory, 'checkpoints'), 'utf8'))
    const startedAt = performance.now()
    const source = createReadStream(join(directory, 'entries'), { highWaterMark: 1 << 18 })
    const { ok, counts } = await verify(decodeEntries(source), { keys, checkpoints, now: start })
    const seconds = (performance.now() - startedAt) / 1000
    const { user, system } = process.cpuUsage()
    const megabytes = process.resourceUsage().maxRSS / 1024
    console.table([{ ok, ...counts, seconds, 'CPU seconds': (user + system) / 1e6, megabytes }])
    if (!ok || seconds > limit.seconds || megabytes > limit.megabytes) process.exitCode = 1
  } finally {
    rmSync(directory, { recursive: true })
  }
}

const [, , directory] = process.argv
if (directory === undefined) await measure()
else write(directory)
