// The process as a person runs it, killed hard while calls run, and started again on the same data.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { chat, recordedIds, type ServerProcess, startServer } from '../fakes/process.ts'
import { startRecorder } from '../fakes/recorder.ts'

let dataDir: string
let upstream: Awaited<ReturnType<typeof startRecorder>>
let server: ServerProcess | undefined

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'governance-restart-'))
  upstream = await startRecorder()
})
afterEach(async () => {
  await server?.end('SIGKILL')
  await upstream.stop()
  await rm(dataDir, { recursive: true, force: true })
})

type Answered = { id: string; at: number }

/** Calls without pause until the server is gone. Resolves to the calls that were answered whole. */
async function callUntilGone(url: string, token: string): Promise<Answered[]> {
  const answered: Answered[] = []
  for (;;) {
    const response = await chat(url, token).catch(() => null)
    if (response === null) return answered
    const text = await response.text().catch(() => null)
    if (response.status === 429) await sleep(100)
    else if (response.status === 200 && text !== null)
      answered.push({ id: response.headers.get('x-governance-decision-id') ?? '', at: Date.now() })
  }
}

test('killed hard three times while calls run, it keeps its key and everything that was settled', async () => {
  const kept: string[] = []
  let token: string | null = null
  for (let round = 0; round < 3; round++) {
    const began = Date.now()
    server = await startServer({ DATA_DIR: dataDir, OPENAI_API_KEY: 'sk-upstream', OPENAI_BASE_URL: upstream.url })
    if (round > 0) expect(Date.now() - began).toBeLessThan(10_000)
    token ??= await server.firstKey()
    expect(server.text().includes('first API key')).toBe(round === 0)
    const { url } = server
    const key = token
    const load = Promise.all(Array.from({ length: 4 }, () => callUntilGone(url, key)))
    await sleep(3000)
    const killedAt = Date.now()
    await server.end('SIGKILL')
    const answered = (await load).flat()
    expect(answered.length).toBeGreaterThan(20)
    // Records are written in batches: what was settled two seconds before is there, on a busy machine too.
    kept.push(...answered.filter(({ at }) => at < killedAt - 2000).map(({ id }) => id))
  }
  const ids = await recordedIds(dataDir)
  expect(kept.length).toBeGreaterThan(20)
  expect(kept.filter(id => !ids.has(id))).toEqual([])
}, 90_000)
