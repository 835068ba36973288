import { setImmediate as turnEnds } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createTurn } from '../../src/call/turn.ts'

function recorded() {
  const worked: (readonly number[])[] = []
  return { worked, turn: createTurn<number>(items => void worked.push(items)) }
}

test('works on what came in one turn together and in order, once it ends', async () => {
  const { worked, turn } = recorded()
  turn.add(1)
  await Promise.resolve()
  turn.add(2)
  expect(worked).toEqual([])
  await turnEnds()
  expect(worked).toEqual([[1, 2]])
  turn.add(3)
  await turnEnds()
  expect(worked).toEqual([[1, 2], [3]])
})

test('finishes at once when it is told to, and each item once', async () => {
  const { worked, turn } = recorded()
  turn.add(1)
  turn.finish()
  expect(worked).toEqual([[1]])
  turn.add(2)
  await turnEnds()
  await turnEnds()
  turn.finish()
  expect(worked).toEqual([[1], [2]])
})

test('takes what comes while it works for the next time', async () => {
  const worked: (readonly number[])[] = []
  const turn = createTurn<number>(items => {
    worked.push(items)
    if (items.includes(1)) turn.add(2)
  })
  turn.add(1)
  await turnEnds()
  await turnEnds()
  expect(worked).toEqual([[1], [2]])
})

test('lets the event loop turn between 16 and the next of a burst, and finishes all of it', async () => {
  const { worked, turn } = recorded()
  const burst = Array.from({ length: 40 }, (_, index) => index)
  for (const item of burst) turn.add(item)
  await turnEnds()
  expect(worked).toEqual([burst.slice(0, 16)])
  await turnEnds()
  expect(worked).toHaveLength(2)
  turn.finish()
  await turnEnds()
  expect(worked.flat()).toEqual(burst)
  expect(worked.map(({ length }) => length)).toEqual([16, 16, 8])
})
