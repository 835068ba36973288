import { unitBefore } from '../units.ts'
import { type Detector, type Finding, forEachSign, isWordCode, type Reading } from './detector.ts'

/**
 * A name of an account, as the large platforms allow it: letters and digits, with dots, dashes and underscores between.
 */
const account = '[A-Za-z0-9_][A-Za-z0-9_.-]{1,38}[A-Za-z0-9_]'

/** What a label is tied to its value by: the places to look at, as they are rarer than the first letters of labels. */
const ties = [':', '=', '"', '`']
/** Or by one of these words, after most labels' last letters and before what an account can begin with. */
const verbs = ['is ', 'was ']
const [space, spokenEnds, quotes] = [32, 'den', '"\'@`']
const holds = (characters: string, code: number) => characters.includes(String.fromCharCode(code))

const isSpoken = ({ units }: Reading, at: number, verb: string) => {
  if (unitBefore(units, at) !== space || !holds(spokenEnds, unitBefore(units, at - 1))) return false
  const next = units[at + verb.length] ?? 0
  return isWordCode(next) || holds(quotes, next)
}

const label =
  /(?<![\w.$-])(?:user ?-?_?(?:name|id)|log-?in(?: name)?|screen ?_?name|handle|nick(?:name)?|benutzername|nome utente)["']? ?$/i

/** No call, index or template, and no attribute that follows one of that name: `name="username" class=`. */
const labelled = new RegExp(String.raw`\s?["'\x60]?@?(${account})(?![\w@(<[{=]|\.\w)`, 'y')

/** Words before a mention that make it a person's, or nothing before it in its text. */
const mentioning =
  /(?:\b(?:handle|follow(?:ed|ing)?|dm|ping|account|instagram|twitter|telegram|tweet(?:ed)?|tag(?:ged)?|thanks|cc)\b(?: (?:me|is|on|to|at|by|him|her|them)){0,2}:? ?|^|\0)$/i
const mentioned = new RegExp(String.raw`@(${account})(?![\w@(/]|\.\w)`, 'y')

/** Words of forms, documentation and code that stand where an account would. */
const placeholders = new Set(
  (
    'true false null none undefined string str text required optional user username user_name userid user_id name admin ' +
    'root password the an my your not and for with from self this data input form page button example test invalid ' +
    'taken unique email media import override param return type app property staticmethod classmethod'
  ).split(' '),
)
const notAccount = /^(?:\d{1,5}$|(?:req|request|self|this|data|form|user|params|event|document|os|process)\.)/i

/** All labels end so, before a quotation mark and a space: asked first, as most ties have no label. */
const labelEnds = new Set(['me', 'id', 'in', 'le', 'ck', 'te'])
const canEndLabel = new Uint8Array(65_536)
for (const [, last = ''] of labelEnds)
  for (const letter of [last, last.toUpperCase()]) canEndLabel[letter.charCodeAt(0)] = 1

const endsAsLabel = ({ text, units }: Reading, end: number) => {
  let last = end
  if (unitBefore(units, last) === 32) last--
  if (unitBefore(units, last) === 34 || unitBefore(units, last) === 39) last--
  return canEndLabel[unitBefore(units, last)] === 1 && labelEnds.has(text.slice(last - 2, last).toLowerCase())
}

const contextLength = 32

/** The account that a sticky pattern finds from `index` on, as its only group and at its end. */
const accountAt = (text: string, index: number, pattern: RegExp, confidence: number): Finding | null => {
  pattern.lastIndex = index
  const name = pattern.exec(text)?.[1]
  if (name === undefined || notAccount.test(name) || placeholders.has(name.toLowerCase())) return null
  return { type: 'username', start: pattern.lastIndex - name.length, end: pattern.lastIndex, confidence }
}

const before = (text: string, index: number) => text.slice(Math.max(0, index - contextLength), index)

/** The account at `from` if a label ends at `end`. */
const labelledAt = (reading: Reading, end: number, from: number) =>
  endsAsLabel(reading, end) && label.test(before(reading.text, end))
    ? accountAt(reading.text, from, labelled, 0.75)
    : null

/**
 * Names of accounts: after a word that says so, or as a mention. Addresses of profiles are for the detector of URLs.
 */
export const username: Detector = {
  types: ['username'],
  applies: () => true,
  find(reading) {
    const { text } = reading
    const findings: Finding[] = []
    const add = (finding: Finding | null) => {
      if (finding !== null) findings.push(finding)
    }
    for (const tie of ties) forEachSign(text, tie, at => add(labelledAt(reading, at, at + 1)))
    for (const verb of verbs)
      forEachSign(text, verb, at => {
        if (isSpoken(reading, at, verb)) add(labelledAt(reading, at - 1, at + verb.length))
      })
    forEachSign(text, '@', at => {
      const finding = accountAt(text, at, mentioned, 0.5)
      if (finding !== null && mentioning.test(before(text, at))) findings.push(finding)
    })
    return findings
  },
}
