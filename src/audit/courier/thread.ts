import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import type { Log } from '../../contracts/log.ts'
import { giveWay } from '../../thread-priority.ts'
import { createSigner } from '../../transparency/keys.ts'
import { openIdentity } from '../ledger/identity.ts'
import { createLedger } from '../ledger/ledger.ts'
import { openRefused } from '../ledger/refused.ts'
import { openLedgerStore } from '../ledger/store.ts'
import { createCourier } from './courier.ts'
import type { CourierTask, FromCourier, ToCourier } from './messages.ts'
import { createPublisher } from './publisher.ts'

/**
 * Lines that come shortly after one another go into one batch. Where many do, more are waited for: a statement costs
 * the embedded database as much as some 50 rows.
 */
const gatherMs = { few: 50, many: 400 }
const many = 100
/** Should a ring be missed, lines are found all the same. */
const longestMs = 60_000
const retryMs = { first: 100, longest: 5_000 }
/** Attempts that a database which is away is given at the end. The spool keeps what it did not take. */
const lastAttempts = 3

const port = parentPort
if (port === null) throw new Error('The courier is a thread of the proxy')
const task: CourierTask = workerData
const tell = (message: FromCourier) => port.postMessage(message)
const say = (level: keyof Log) => (fields: object, text: string) => tell({ kind: 'log', level, fields, text })
const log = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') } as Log

giveWay()
const signer = createSigner(task.signingKey)
const { store, close } = openLedgerStore(task.databaseUrl)
const publisher = createPublisher(task.publishTo, { log, toLog: note => log.info({ checkpoint: note }, 'Checkpoint') })

const stopped = new AbortController()
let rung = false
let wake = () => {}

/** Until the bell rings, which may have been before, or so many milliseconds. */
async function wait(ms: number): Promise<void> {
  if (!rung) {
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, ms).unref()
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
  rung = false
}

/** So many milliseconds, or until the proxy ends. New lines do not shorten it: they would find the same failure. */
const pause = (ms: number) => sleep(ms, undefined, { signal: stopped.signal, ref: false }).catch(() => {})

function courierOf(directory: string, firstLive: number, onFreed: (bytes: number) => void) {
  const ledger = createLedger({
    store,
    signer,
    identity: openIdentity(directory, task.checkpoints),
    publish: publisher.publish,
    putAside: openRefused(directory, log),
    log,
  })
  return { ledger, make: () => createCourier({ directory, firstLive, ledger, onFreed, log }) }
}

/** Carries on through failures, each time from the beginning, until `work` ends. */
async function persist(
  { ledger, make }: ReturnType<typeof courierOf>,
  work: (courier: Courier, worked: () => void) => Promise<void>,
) {
  let attempts = 0
  for (let delay = retryMs.first; attempts < lastAttempts; delay = Math.min(delay * 2, retryMs.longest)) {
    const courier = make()
    try {
      await ledger.load()
      await work(courier, () => {
        if (delay > retryMs.first) log.info({}, 'Records are being stored again')
        delay = retryMs.first
      })
      return
    } catch (error) {
      // The message of a database's error may quote what was being written; its code does not.
      if (delay === retryMs.first) log.warn({ code: codeOf(error) }, 'Records cannot be stored, trying again')
    } finally {
      courier.close()
    }
    if (stopped.signal.aborted) attempts++
    await (stopped.signal.aborted ? sleep(retryMs.first) : pause(delay))
  }
  log.warn({}, 'Records are left in the audit spool for the next start')
}

type Courier = ReturnType<typeof createCourier>

async function serve(courier: Courier, worked: () => void): Promise<void> {
  while (!stopped.signal.aborted) {
    Atomics.store(task.bell, 0, 1)
    const began = Date.now()
    const lines = await courier.carry()
    worked()
    task.caughtUpAt[0] = began
    await wait(courier.signAt === null ? longestMs : Math.max(0, courier.signAt - performance.now()))
    await pause(lines < many ? gatherMs.few : gatherMs.many)
  }
  await courier.finish()
}

port.on('message', (message: ToCourier) => {
  if (message === 'stop') stopped.abort()
  rung = true
  wake()
})

const own = courierOf(task.directory, task.firstLive, bytes => tell({ kind: 'freed', bytes }))
const leftOver = task.leftOver.map(async directory => {
  await persist(
    courierOf(directory, Number.POSITIVE_INFINITY, () => {}),
    courier => courier.finish(),
  )
  tell({ kind: 'left', directory })
})
await Promise.all([persist(own, serve), ...leftOver])
await publisher.close()
await close()
port.close()

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
