/**
 * The bytes of standard, padded base 64 (RFC 4648, section 4). Null for any other text: Node would skip what it cannot
 * read.
 */
export function decodeBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : null
}
