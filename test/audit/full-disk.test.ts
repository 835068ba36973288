// A real disk that is full, in small.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../fakes/database.ts'
import { startProxy } from '../fakes/proxy.ts'
import { startRecorder } from '../fakes/recorder.ts'
import { mountSmallDisk } from '../fakes/small-disk.ts'
import { leftInSpool } from './crash/installation.ts'

const disk = mountSmallDisk()

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
  disk?.unmount()
})

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

test.runIf(disk).each(['group', 'always'])(
  'a full disk refuses what has to be recorded, lets the rest pass and counts it, and loses nothing (%s)',
  async sync => {
    proxy = await startProxy({
      database,
      env: { OPENAI_BASE_URL: upstream.url, DATA_DIR: disk?.path ?? '', AUDIT_SYNC: sync },
      policies: { rate_limit: { requests: 100_000, window_seconds: 1 } },
    })
    const { call, missed } = proxyOf(proxy)
    const lenient = await proxy.addCustomer({ audit: { mode: 'best_effort' } })
    const kept = [await call(proxy.token), await call(lenient.token)].map(({ id }) => id)

    disk?.fill()
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

    disk?.free()
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
    expect((await leftInSpool(disk?.path ?? '')).waiting).toEqual([])
    proxy = undefined
  },
  90_000,
)
