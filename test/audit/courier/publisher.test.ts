import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, expect, test, vi } from 'vitest'
import { createPublisher } from '../../../src/audit/courier/publisher.ts'
import { loadConfig } from '../../../src/config.ts'
import { splitNotes } from '../../../src/transparency/note.ts'
import { mountSmallDisk } from '../../fakes/small-disk.ts'
import { keptLog } from '../kept-log.ts'

const disk = mountSmallDisk()
afterAll(() => disk?.unmount())

/** A place is tried again after a second, and later ever more rarely. */
const soon = { timeout: 20_000 }

const note = (size: number) => `ai-governance-proxy/log\n${size}\nroot\n\n— ai-governance-proxy ${'A'.repeat(92)}\n`

// The disk was full in the middle of a checkpoint: what was there of it stayed, and the next one, written after it, was
// no note.
test.runIf(disk)(
  'a place whose disk was full has whole checkpoints once there is room',
  { timeout: 60_000 },
  async () => {
    const path = join(disk?.path ?? '', 'kept')
    const publisher = createPublisher([{ kind: 'file', path }], { log: keptLog().log, toLog: () => {} })
    publisher.publish(note(0))
    await vi.waitUntil(() => notesIn(path).length === 1, soon)
    disk?.fill()
    // More than what is left of the last block.
    const notes = Array.from({ length: 40 }, (_, size) => note(size))
    const whole = (count: number) => notes.slice(0, count).join('\n').concat('\n')
    for (const one of notes.slice(1)) publisher.publish(one)
    await vi.waitUntil(() => notesIn(path).length > 10, soon)
    // What did not fit is there for a moment.
    await vi.waitUntil(() => readFileSync(path, 'utf8') === whole(notesIn(path).length), soon)
    disk?.free()
    await vi.waitUntil(() => notesIn(path).length >= 40, soon)
    expect(notesIn(path)).toEqual(notes)
    await publisher.close()
  },
)

test('a web address gets a checkpoint with the name and the password that it was given with', async () => {
  const got: { authorization: string | undefined; body: string }[] = []
  const server = createServer(async (request, response) => {
    got.push({ authorization: request.headers.authorization, body: await text(request) })
    response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const { log, lines } = keptLog()
  for (const user of ['proxy:p%40ss%2Cword@', '']) {
    const { audit } = loadConfig({ AUDIT_CHECKPOINTS_TO: `http://${user}127.0.0.1:${port}/checkpoints` })
    const publisher = createPublisher(audit.publishTo, { log, toLog: () => {} })
    publisher.publish(note(1))
    await publisher.close()
    expect(JSON.stringify(audit.publishTo)).not.toContain('p%40ss')
  }
  expect(got).toEqual([
    { authorization: `Basic ${btoa('proxy:p@ss,word')}`, body: note(1) },
    { authorization: undefined, body: note(1) },
  ])
  expect(lines).toEqual([])
  server.close()
})

test('a name that is not well encoded is a fault of the settings, which does not quote it', () => {
  const load = () => loadConfig({ AUDIT_CHECKPOINTS_TO: 'https://se%ret:word@example.com/' })
  expect(load).toThrow('AUDIT_CHECKPOINTS_TO')
  expect(load).not.toThrow('se%ret')
})

const notesIn = (path: string) => (existsSync(path) ? [...splitNotes(readFileSync(path, 'utf8'))] : [])

test('tells at its end whether all checkpoints arrived, without waiting longer than it is to', async () => {
  const { log } = keptLog()
  const notes: string[] = []
  const toLog = (note: string) => void notes.push(note)
  const reached = createPublisher([{ kind: 'log' }], { log, toLog })
  reached.publish('one')
  expect(await reached.close()).toBe(true)
  expect(notes).toEqual(['one'])
  const unreached = createPublisher([{ kind: 'log' }, { kind: 'file', path: '/dev/null/none' }], { log, toLog })
  unreached.publish('two')
  expect(await unreached.close(50)).toBe(false)
  expect(notes).toEqual(['one', 'two'])
})
