import { isBasic } from '../encodings.ts'
import { formsOf } from '../form.ts'

const crypt64 = '[./0-9A-Za-z]'

/** Passwords as protocols send them and as systems keep them: a weak password is soon found from its hash. */
export const passwordForms = formsOf('secret_password', [
  ['RFC 7617', 'Basic basic BASIC', ' [0-9A-Za-z+/]{8,344}={0,2}', isBasic],
  ['netrc', 'machine', '\\s[^\\s\\0]{1,200}\\s+login\\s+[^\\s\\0]{1,200}\\s+password\\s+[^\\s\\0]{4,128}'],
  ['crypt(5), bcrypt', '$2a$ $2b$ $2y$', `\\d\\d\\$${crypt64}{53}`],
  ['crypt(5), MD5', '$apr1$ $1$', `${crypt64}{1,8}\\$${crypt64}{22}`],
  ['crypt(5), SHA-2', '$5$ $6$', `(?:rounds=\\d{4,9}\\$)?${crypt64}{1,16}\\$${crypt64}{43,86}`],
  ['crypt(5), yescrypt', '$y$', `${crypt64}{3,8}\\$${crypt64}{1,86}\\$${crypt64}{43}`],
  [
    'Argon2',
    '$argon2id$ $argon2i$ $argon2d$',
    'v=\\d\\d\\$m=\\d{1,8},t=\\d{1,4},p=\\d{1,3}\\$[\\w+/]{8,64}\\$[\\w+/]{16,128}',
  ],
])
