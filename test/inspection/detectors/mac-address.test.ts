import { expect, it } from 'vitest'
import { detect } from '../../../src/inspection/detect.ts'

it.each([
  ['eth0 has 02:42:ac:11:00:02', 1],
  ['02-42-AC-11-00-02; 0242.ac11.0002', 2],
  ['BE-EF-CA-FE-BA-BE', 1],
  ['DE:AD:BE:EF:FE:ED', 0],
  ['ff:ff:ff:ff:ff:ff 00:00:00:00:00:00', 0],
  ['02:42:ac:11:00 02:42:ac:11:00:02:03 02:42-ac:11-00:02', 0],
  ['12:34:56, 2001:db8::1, x02:42:ac:11:00:02', 0],
  [`${'02:'.repeat(20_000)}`, 0],
])('%#', (text, count) => {
  expect(detect(text).mac_address ?? 0).toBe(count)
})
