import type { SecretType } from '../../contracts/facts.ts'
import { isBasic } from './encodings.ts'
import { anyHex, base64, uuid } from './form.ts'
import { isPassword, isToken } from './values.ts'

/** What a name says of the value beside it, and how sure one may be if the value looks so. */
export type Named = {
  type: SecretType
  confidence: number
  accepts(value: string): boolean
}

const awsSecret = new RegExp(`^${base64}{40}$`)

const matches = (form: string) => {
  const whole = new RegExp(`^(?:${form})$`)
  return (value: string) => whole.test(value)
}

/** What may follow a name's last word: an environment, a number. */
const variant = '(?:_?(?:prod|production|dev|development|test|stage|staging|ci|live|local|v?\\d{1,3}))?$'
const named = (words: string) => new RegExp(`(?:${words})${variant}`)

const oneOf = (words: string) => words.trim().split(/\s+/).join('|')

const passwordWords = oneOf(`
  password passwd passphrase passwort kennwort contrase[nñ]a mot_de_passe senha wachtwoord has[lł]o lösenord
  пароль 密码 密碼 パスワード 비밀번호 requirepass sshpass wifi_key psk (?:^|_)(?:clave|passcode)
  (?:^|_|db|user|root|admin|smtp|ftp|ssh|my|pg|mysql|redis)(?:pass|pwd|pw)
`)

const cloudNames = oneOf(`
  aws amazon azure gcp google cloud digitalocean heroku linode alibaba aliyun vultr hetzner scaleway ovh fastly
`)

const keyWords = oneOf(`
  (?:api|app|application|admin|access|master|license|write|subscription|functions?|host|server)_?key api_?keys
  (?:account|service|personal|integration|routing)_?key
`)

const tokenWords = oneOf(`
  token secret client_?secret secret_?(?:key|value|id)
  (?:signing|encryption|encrypt|hmac|jwt)_?key (?:cookie|session)_secret
  (?:^|_)(?:auth|authorization|pat|credentials?)
`)

/** Names whose values are public, or counts, or places in a list. */
const publicName =
  /(?:public|publishable|site|page|next|prev|previous|continuation|csrf|xsrf|sync|cancel|cancellation|pad|eos|bos|unk|sep|cls|mask|special|max|min|num|foreign|primary|partition|sort|cache|idempotency)[_-]?(?:api_?)?(?:token|key)s?$/

/** In order: the first that fits a name decides, so that a name whose form is known accepts no other. */
const names: readonly [name: RegExp, named: Named][] = [
  [
    named('aws_?secret\\w{0,12}|secret_?access_?key|aws_?sec_?key'),
    {
      type: 'secret_cloud_credential',
      confidence: 1,
      accepts: value => awsSecret.test(value) && isToken(value),
    },
  ],
  /** One half of a credential, which tells an attacker where to use the other. */
  [
    named('(?:azure|arm|aad|(?:^|_)ad|msal|entra)_?(?:tenant|client|subscription|app|application)_?(?:id)'),
    { type: 'secret_cloud_credential', confidence: 0.5, accepts: matches(uuid) },
  ],
  [
    named('account_?key|shared_?access_?key|shared_?access_?signature'),
    { type: 'secret_connection_string', confidence: 1, accepts: matches(`${base64}{40,88}={0,2}`) },
  ],
  [
    /(?:private_?key|secret_?key_?base)(?:_[a-z0-9_]{1,24})?$/,
    {
      type: 'secret_private_key',
      confidence: 0.75,
      accepts: matches(
        `(?:0x)?${anyHex}{64}(?:,${anyHex}{64}){0,9}|${anyHex}{128}|${base64}{43}=|${base64}{64,4000}={0,2}`,
      ),
    },
  ],
  [
    /(?:^|_)auth$/,
    {
      type: 'secret_password',
      confidence: 0.75,
      accepts: value => /^[\w+/]{8,344}={0,2}$/.test(value) && isBasic(value) === 1,
    },
  ],
  [named(passwordWords), { type: 'secret_password', confidence: 0.75, accepts: isPassword }],
  [
    named(`(?:${cloudNames})\\w{0,30}(?:${keyWords}|${tokenWords})`),
    { type: 'secret_cloud_credential', confidence: 0.75, accepts: isToken },
  ],
  [named(keyWords), { type: 'secret_provider_key', confidence: 0.75, accepts: isToken }],
  [named(tokenWords), { type: 'secret_token', confidence: 0.75, accepts: isToken }],
]

/** Parts of which every name above has one: most names are of nothing secret, and are told apart by this alone. */
const nameParts = new RegExp(
  oneOf(`
    pass pwd pw psk secret token key auth cred pat azure arm aad ad[_.-] msal entra signature
    kennwort contrase clave senha wachtwoord has[lł]o [^\\0-\\x7f]
  `),
  'i',
)

/** What `name` says of its value: a key of JSON or YAML, a variable, a header, an option, words before a colon. */
export const meaningOf = (name: string): Named | undefined => {
  if (!nameParts.test(name)) return undefined
  const plain = name.toLowerCase().replace(/[ .$-]+/g, '_')
  return publicName.test(plain) ? undefined : names.find(([pattern]) => pattern.test(plain))?.[1]
}
