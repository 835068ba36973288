// A superuser of the database changes it in every way that we could think of. Each has to be found by someone who has
// nothing but the public key and the checkpoints that were kept outside. Those that need no outside checkpoints are
// found without.
import { expect, test } from 'vitest'
import { verify } from '../../src/transparency/verify/verify.ts'
import { copyOf, createInstallation, createRandom, entriesOf, now, trusted } from './installation.ts'
import { manipulations } from './manipulations.ts'

const rounds = 40

const needOutside = new Set([
  'cut off the end',
  'restore an old copy',
  'restore an old copy from which the proxy goes on',
  'restore the old rows of one log',
  'delete a log',
  'truncate all tables',
  'delete a checkpoint',
  'delete the last checkpoint',
])

const worlds = Array.from({ length: rounds }, (_, seed) => createInstallation(createRandom(seed)))

test('nothing is found where nothing was changed', async () => {
  for (const { installation } of worlds) {
    const { findings } = await verify(entriesOf(installation), {
      keys: [trusted],
      checkpoints: installation.outside,
      now,
    })
    expect(findings).toEqual([])
  }
})

let made = 0

test.each(Object.entries(manipulations))('%s', async (name, manipulate) => {
  for (const [seed, { installation, older }] of worlds.entries()) {
    const world = copyOf(installation)
    const random = createRandom(seed * 1000 + name.length)
    let done = false
    for (let attempt = 0; attempt < 50 && !done; attempt++) done = manipulate(world, random, older)
    if (!done) continue
    made++
    const given = { keys: [trusted], now }
    const { ok } = await verify(entriesOf(world), { ...given, checkpoints: world.outside })
    expect(ok, `seed ${seed}`).toBe(false)
    if (!needOutside.has(name)) expect((await verify(entriesOf(world), given)).ok, `seed ${seed}, alone`).toBe(false)
  }
})

test('a thousand manipulations were made', () => {
  expect(made).toBeGreaterThan(1000)
})
