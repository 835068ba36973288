import { expect, test } from 'vitest'
import { sessionQueue } from '../../src/database/session-queue.ts'

test('a database that throws is reported as broken, and the clients that wait get their turn', async () => {
  const broken: unknown[] = []
  const fault = new Error('unreachable')
  const queue = sessionQueue({ execProtocolRawStream: () => Promise.reject(fault) }, error => broken.push(error))
  const [first, second] = [queue.join(() => {}), queue.join(() => {})]
  const waiting = [first.run(new Uint8Array()), second.run(new Uint8Array())]
  await expect(waiting[0]).rejects.toBe(fault)
  await expect(first.leave()).rejects.toBe(fault)
  await expect(waiting[1]).rejects.toBe(fault)
  expect(broken).toEqual([fault, fault, fault])
})
