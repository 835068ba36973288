import { expect, it } from 'vitest'
import { createPublisher } from '../../../src/audit/courier/publisher.ts'
import { keptLog } from '../kept-log.ts'

it('tells at its end whether all checkpoints arrived, without waiting longer than it is to', async () => {
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
