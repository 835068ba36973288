import { beginsWithId, isJwt } from '../encodings.ts'
import { formsOf, url64 } from '../form.ts'
import { isPlaceholder } from '../placeholders.ts'
import { isRandom } from '../randomness.ts'

const isBearer = (body: string) => (isRandom(body) && !isPlaceholder(body.trim()) ? 0.75 : 0)

/** What base64 makes of the first two digits of a number. */
const encodedDigits = Array.from({ length: 90 }, (_, i) =>
  Buffer.from(`${i + 10}`)
    .toString('base64')
    .slice(0, 3),
)

/** Tokens of open standards, and of programs that speak for a person. */
export const tokenForms = formsOf('secret_token', [
  ['JSON Web Token, signed', 'eyJ', `${url64}{10,1000}\\.eyJ${url64}{4,4000}\\.${url64}{16,1000}`, isJwt],
  ['JSON Web Token, encrypted', 'eyJ', `${url64}{10,1000}(?:\\.${url64}{0,4000}){4}`, isJwt],
  ['RFC 6750', 'Bearer bearer BEARER', ' [\\w.~+/-]{20,2000}={0,2}', isBearer],
  ['Discord', encodedDigits.join(' '), `${url64}{20,25}\\.${url64}{6}\\.${url64}{27,38}`, beginsWithId],
])
