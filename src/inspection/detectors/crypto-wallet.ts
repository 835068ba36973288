import { createHash } from 'node:crypto'
import { type Detector, type Finding, hasContext, isWordCode, type Reading, type Span } from './detector.ts'

const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** First letters that version bytes lead to: Bitcoin 1 and 3, Litecoin L and M, Dogecoin D, Tron T. */
const base58Form = /^[13LMDT][1-9A-HJ-NP-Za-km-z]{25,34}$/

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()

/** Base58Check: 25 bytes, of which the last four are the start of the doubled SHA-256 of the others. */
const isBase58Check = (text: string) => {
  if (!base58Form.test(text)) return false
  let value = 0n
  for (const character of text) value = value * 58n + BigInt(base58.indexOf(character))
  const hex = value.toString(16).padStart(50, '0')
  if (hex.length > 50) return false
  const bytes = Buffer.from(hex, 'hex')
  return sha256(sha256(bytes.subarray(0, 21)))
    .subarray(0, 4)
    .equals(bytes.subarray(21))
}

const bech32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const bech32Form = /^(?:bc|tb|ltc)1[02-9ac-hj-np-z]{11,71}$/
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]

const polymod = (values: readonly number[]) => {
  let check = 1
  for (const value of values) {
    const top = check >>> 25
    check = ((check & 0x1ffffff) << 5) ^ value
    for (const [bit, generator] of generators.entries()) if (((top >>> bit) & 1) === 1) check ^= generator
  }
  return check
}

/** BIP 173, and BIP 350 for later versions, whose constants are 1 and 0x2bc830a3. All in one case. */
const isBech32 = (text: string) => {
  const lower = text.toLowerCase()
  if (!bech32Form.test(lower) || (text !== lower && text !== text.toUpperCase())) return false
  const prefix = [...lower.slice(0, lower.indexOf('1'))].map(character => character.charCodeAt(0))
  const data = [...lower.slice(prefix.length + 1)].map(character => bech32.indexOf(character))
  const check = polymod([...prefix.map(code => code >> 5), 0, ...prefix.map(code => code & 31), ...data])
  return check === 1 || check === 0x2bc830a3
}

/** EIP-55's check is in the case of letters and mostly left out, so that a word has to say what the digits are. */
const isHex = (text: string) => /^0x[0-9a-f]{40}$/i.test(text)
const walletWords = /\b(?:wallet|ethereum|eth|ether|crypto|usdt|usdc|erc-?20|metamask|donat|address)/i

const shortest = 26
const longest = 90

const isWord = Uint8Array.from({ length: 65_536 }, (_, code) => Number(isWordCode(code)))

/** Runs of letters and digits that can be a wallet. Looks only where such a run cannot be missed. */
const longRuns = ({ text, units }: Reading): Span[] => {
  const runs: Span[] = []
  for (let at = shortest - 1; at < text.length; at += shortest) {
    if (isWord[units[at] ?? 0] === 0) continue
    let start = at
    while (at - start <= longest && start > 0 && isWord[units[start - 1] ?? 0] === 1) start--
    let end = at + 1
    while (end - start <= longest && isWord[units[end] ?? 0] === 1) end++
    if (end - start >= shortest && end - start <= longest) runs.push({ start, end })
    at = Math.max(at, end - 1)
  }
  return runs
}

/** Wallets of cryptocurrencies, by their checksums. */
export const cryptoWallet: Detector = {
  types: ['crypto_wallet'],
  applies: facts => facts.digits > 0,
  find(reading, expected) {
    const { text } = reading
    const findings: Finding[] = []
    for (const { start, end } of longRuns(reading)) {
      const run = text.slice(start, end)
      if (isBase58Check(run) || isBech32(run)) findings.push({ start, end, type: 'crypto_wallet', confidence: 1 })
      else if (isHex(run) && (expected.has('crypto_wallet') || hasContext(text, start, walletWords)))
        findings.push({ start, end, type: 'crypto_wallet', confidence: 0.75 })
    }
    return findings
  },
}
