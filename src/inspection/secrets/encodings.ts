import { isNoPassword } from './placeholders.ts'

const decodes = (part: string) => {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return typeof value === 'object' && value !== null ? value : null
  } catch {
    return null
  }
}

/** A JSON Web Token's header is JSON that names its algorithm (RFC 7515, section 4.1.1). `body` lacks its `eyJ`. */
export const isJwt = (body: string) => {
  const header = decodes(`eyJ${body.split('.', 1)[0]}`)
  return header !== null && ('alg' in header || 'enc' in header) ? 1 : 0
}

/** The first part of a Discord bot's token is its numeric id in base64. */
export const beginsWithId = (body: string, prefix: string) =>
  /^\d{17,20}$/.test(Buffer.from(prefix + body.split('.', 1)[0], 'base64url').toString()) ? 1 : 0

/** A name and a password in base64, as RFC 7617 sends them and Docker's and npm's settings keep them. */
export const isBasic = (body: string) => {
  const [name = '', password = ''] = Buffer.from(body.trim(), 'base64').toString().split(':')
  return /^[ -~]{1,128}$/.test(name) && /^[ -~]{3,128}$/.test(password) && !isNoPassword(password) ? 1 : 0
}
