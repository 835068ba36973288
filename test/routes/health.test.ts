import { expect, test } from 'vitest'
import { testDatabase } from '../fakes/database.ts'
import { startProxy } from '../fakes/proxy.ts'

test('liveness says that the process answers, readiness that it could govern a call', async () => {
  const database = await testDatabase()
  const proxy = await startProxy({ database })
  const get = async (path: string) => {
    const response = await fetch(`${proxy.url}${path}`)
    return { status: response.status, body: await response.json() }
  }
  try {
    expect(await get('/health')).toEqual({ status: 200, body: { status: 'ok' } })
    for (const path of ['/health', '/ready'])
      expect((await fetch(`${proxy.url}${path}`, { method: 'HEAD' })).status).toBe(200)
    expect(await get('/ready')).toEqual({
      status: 200,
      body: {
        status: 'ready',
        checks: { database: true, audit: true },
        audit_spool: { bytes: 0, age_ms: 0, missed: 0 },
      },
    })
    await database.close()
    expect(await get('/health')).toEqual({ status: 200, body: { status: 'ok' } })
    expect(await get('/ready')).toEqual({
      status: 503,
      body: { status: 'unready', checks: { database: false, audit: true }, audit_spool: expect.any(Object) },
    })
  } finally {
    await proxy.stop()
  }
})
