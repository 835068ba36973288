import { crc32 } from 'node:zlib'

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

const toBase62 = (value: number, length: number) => {
  let text = ''
  for (let rest = value; text.length < length; rest = Math.floor(rest / 62)) text = digits.charAt(rest % 62) + text
  return text
}

/** A mistyped or invented token opens nothing, yet whoever wrote it in this form may have meant one. */
const wrongChecksum = 0.5

/**
 * GitHub's tokens, and npm's after them, end in six digits of base 62: the CRC-32 of the thirty characters before.
 * Source: github.blog, "Behind GitHub's new authentication token formats" (2021).
 */
export const endsInCrc32 = (body: string) =>
  body.slice(-6) === toBase62(crc32(body.slice(0, -6)), 6) ? 1 : wrongChecksum
