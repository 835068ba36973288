import { expect, it } from 'vitest'
import { bodies, warmUp } from '../../src/inspection/warm-up.ts'
import { inspectJson } from './looking.ts'

it('the samples have something for nearly every kind of detector', () => {
  const found = bodies.map(inspectJson)
  const types = new Set(found.flatMap(({ types, secrets }) => [...Object.keys(types), ...Object.keys(secrets)]))
  expect([...types]).toEqual(
    expect.arrayContaining([
      'email',
      'phone',
      'credit_card',
      'iban',
      'us_ssn',
      'ip_address',
      'mac_address',
      'person_name',
      'postal_address',
      'date_of_birth',
      'date_time',
      'url',
      'username',
      'secret_password',
    ]),
  )
  expect(Math.max(...found.map(({ injection }) => injection.score))).toBeGreaterThan(0.3)
})

it('takes the time that it is given, and none if it is given none', async () => {
  const begin = performance.now()
  await warmUp(0)
  const middle = performance.now()
  await warmUp(200)
  expect(performance.now() - middle).toBeGreaterThanOrEqual(200)
  expect(middle - begin).toBeLessThan(performance.now() - middle)
})
