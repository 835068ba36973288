import { platform } from 'node:os'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'

const inThread = `
  import { readlinkSync } from 'node:fs'
  import { getPriority } from 'node:os'
  import { parentPort } from 'node:worker_threads'
  import { giveWay } from '${new URL('../src/thread-priority.ts', import.meta.url)}'
  giveWay()
  const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1))
  parentPort.postMessage({ own: getPriority(thread), main: getPriority(process.pid) })
`

test.skipIf(platform() !== 'linux')('a thread gives way, and the one that answers calls does not', async () => {
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(inThread)}`))
  const { own, main } = await new Promise<{ own: number; main: number }>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
  expect(own).toBeGreaterThan(main)
  await worker.terminate()
})
