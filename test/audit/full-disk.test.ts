// A real disk that is full, in small: a file system in memory of a megabyte, which only root can mount.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../fakes/database.ts'
import { startProxy } from '../fakes/proxy.ts'
import { startRecorder } from '../fakes/recorder.ts'
import { leftInSpool } from './crash/installation.ts'

const mountPoint = mkdtempSync(join(tmpdir(), 'governance-full-'))
const mounted = mount()

function mount(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', mountPoint], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

let database: Awaited<ReturnType<typeof testDatabase>>
let upstream: Awaited<ReturnType<typeof startRecorder>>
let proxy: Awaited<ReturnType<typeof startProxy>> | undefined

beforeAll(async () => {
  database = await testDatabase()
  upstream = await startRecorder()
})
afterEach(async () => {
  await proxy?.stop()
  proxy = undefined
})
afterAll(async () => {
  await upstream.stop()
  await database.close()
  if (mounted) execFileSync('umount', [mountPoint])
  rmSync(mountPoint, { recursive: true, force: true })
})

const filler = join(mountPoint, 'filler')

/** Takes every byte that is left. */
function fill(): void {
  for (let size = 262_144; size >= 1; size = Math.floor(size / 2)) {
    try {
      for (;;) writeFileSync(filler, Buffer.alloc(size), { flag: 'a' })
    } catch {}
  }
}

const proxyOf = (running: NonNullable<typeof proxy>) => ({
  async call(token: string) {
    const response = await fetch(`${running.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{"model":"gpt-4o","messages":[{"role":"user","content":"Hello!"}]}',
    })
    const body = (await response.json()) as { error?: { code: string } }
    return { status: response.status, id: response.headers.get('x-governance-decision-id') ?? '', body }
  },
  missed: () => running.lines.filter(line => line.includes('A call has no record')).length,
})

test.runIf(mounted).each(['group', 'always'])(
  'a full disk refuses what has to be recorded, lets the rest pass and counts it, and loses nothing (%s)',
  async sync => {
    rmSync(filler, { force: true })
    proxy = await startProxy({
      database,
      env: { OPENAI_BASE_URL: upstream.url, DATA_DIR: mountPoint, AUDIT_SYNC: sync },
      policies: { rate_limit: { requests: 100_000, window_seconds: 1 } },
    })
    const { call, missed } = proxyOf(proxy)
    const lenient = await proxy.addCustomer({ audit: { mode: 'best_effort' } })
    const kept = [await call(proxy.token), await call(lenient.token)].map(({ id }) => id)

    fill()
    // The last page of the segment has some room yet.
    for (let last = 200; last !== 503; ) {
      const { status, id, body } = await call(proxy.token)
      if (status === 200) kept.push(id)
      else expect(body.error?.code).toBe('audit_unavailable')
      last = status
    }
    const before = upstream.requests.length
    for (let i = 0; i < 20; i++) expect((await call(proxy.token)).status).toBe(503)
    expect(upstream.requests.length).toBe(before)
    expect(missed()).toBe(0)
    for (let i = 0; i < 20; i++) expect((await call(lenient.token)).status).toBe(200)
    expect(missed()).toBe(20)
    expect((await fetch(`${proxy.url}/ready`)).status).toBe(503)

    rmSync(filler)
    await expect
      .poll(
        async () => {
          const { status, id } = await call(proxy?.token ?? '')
          if (status === 200) kept.push(id)
          return status
        },
        { timeout: 20_000 },
      )
      .toBe(200)
    const after = await call(lenient.token)
    kept.push(after.id)
    expect(missed()).toBe(20)
    await proxy.stop()
    const rows = await database.prisma.usageLog.findMany({ where: { id: { in: kept } } })
    expect(rows.map(({ id }) => id).sort()).toEqual([...kept].sort())
    expect(rows.map(({ outcome }) => outcome)).toEqual(kept.map(() => 'completed'))
    expect((await leftInSpool(mountPoint)).waiting).toEqual([])
    expect(existsSync(filler)).toBe(false)
    proxy = undefined
  },
  90_000,
)
