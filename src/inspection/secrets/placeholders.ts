/** Words by which documentation marks what a reader has to replace. No random key holds one by chance. */
const exampleWords =
  /example|placeholder|redacted|changeme|change[_-]me|replace|dummy|your[_-]?|insert|my[_-]?(?:api|secret|token|key|pass)|not-?a-?real|(?:goes|put)[_-]?here|sample|fake|todo/i

/** A value that stands for one: variables of shells, templates, CI and build tools, and ellipses. */
const reference =
  /\$\{|\$\(|\{\{|^\$\w|^%\w{1,64}%$|^<|>$|^\{\w{1,64}\}$|^\[.{1,64}\]$|\.\.\.|\*{3}|process\.env|environ|getenv|^env[.(:]|^ENC\[|^encrypted:|^(?:op|vault|secret|arn|file|https?):|^!\w/i

/** Values that code and settings give to a name for no password, or for one that opens nothing. */
const emptyWords =
  /^(?:null|nil|none|undefined|true|false|yes|no|string|number|boolean|optional|required|default|empty|unknown|hidden|masked|secret|token|password|passwd|passwort|pass|pwd|admin|user|username|root|guest|test|testing|demo|foo|bar|foobar|foobarbaz|hello|world|abc|abcd|abcdef|qwerty|letmein|welcome|key|value|apikey|mypassword|mysecret|userpassword|dbpassword|secretpassword|supersecret|topsecret|somepassword|newpassword|oldpassword|credentials)$/

const sequence = /0123456|1234567|abcdefgh|qwertyui|([0-9A-Za-z])\1{5}/i

/** What is left of a key that was masked. */
const mask = /^[xX*.•_-]+$/

/** True for a key in the form of its maker that documentation shows. */
export const isExample = (body: string) => exampleWords.test(body) || mask.test(body)

/** True if all that is left of a value without its digits and punctuation is a word such as `password`. */
export const isEmptyWord = (value: string) => emptyWords.test(value.toLowerCase().replace(/[^a-z]/g, ''))

/** True for values of no special form that only hold the place of a secret. */
export const isPlaceholder = (value: string) =>
  exampleWords.test(value) || reference.test(value) || sequence.test(value) || isEmptyWord(value)

/** Words that only say that a password goes here. Others, such as `admin`, are passwords that systems come with. */
const passwordWord = /^(?:my|user|db|your|some|the|new)?[_-]?(?:password|passwd|pwd|secret|passwort)\d{0,4}$/i

/** True for what stands where only a password can, in a URL or beside a user's name, and is none. */
export const isNoPassword = (value: string) =>
  passwordWord.test(value) ||
  exampleWords.test(value) ||
  reference.test(value) ||
  mask.test(value) ||
  /^[{[$<%(*]|\}$/.test(value)
