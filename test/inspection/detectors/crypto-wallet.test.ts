import { expect, it } from 'vitest'
import { detect } from '../../../src/inspection/detect.ts'

// Of the Bitcoin wiki, BIP 173, BIP 350 and EIP-55.
it.each([
  ['pay 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2 now', 1],
  ['3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy', 1],
  ['BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4', 1],
  ['bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0', 1],
  ['my wallet is 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', 1],
  ['commit 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', 0],
  ['1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3', 0],
  ['bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5', 0],
  ['x1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2', 0],
  ['1'.repeat(100_000), 0],
])('%#', (text, count) => {
  expect(detect(text).crypto_wallet ?? 0).toBe(count)
})
