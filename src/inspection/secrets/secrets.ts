import { secretTypes } from '../../contracts/facts.ts'
import { type Detector, type Finding, forEachSign, type Reading } from '../detectors/detector.ts'
import type { Units } from '../units.ts'
import { assignedSecret, statedNames, statedSecret } from './assignments.ts'
import { type Form, matchForm } from './form.ts'
import { aiForms } from './forms/ai.ts'
import { businessForms } from './forms/business.ts'
import { cloudForms } from './forms/cloud.ts'
import { developmentForms } from './forms/development.ts'
import { passwordForms } from './forms/passwords.ts'
import { privateKeyForms } from './forms/private-keys.ts'
import { tokenForms } from './forms/tokens.ts'
import { webhookForms } from './forms/webhooks.ts'
import { azureClientSecret, telegramToken } from './marks.ts'
import { scannerOf } from './scan.ts'
import { urlWithPassword } from './urls.ts'

const forms: readonly Form[] = [
  ...aiForms,
  ...cloudForms,
  ...developmentForms,
  ...businessForms,
  ...tokenForms,
  ...webhookForms,
  ...privateKeyForms,
  ...passwordForms,
]

/** What begins with these characters: forms, or a name. */
type Beginning = { codes: Units; secretAt: (text: string, start: number) => Finding | null }

const beginningOf = (prefix: string, secretAt: Beginning['secretAt']): Beginning => ({
  codes: Uint16Array.from(prefix, character => character.charCodeAt(0)),
  secretAt,
})

const formAt = (form: Form) => (text: string, start: number) => {
  const match = matchForm(form, text, start)
  return match === null ? null : { start, type: form.type, ...match }
}

const beginnings = [
  ...forms.map(form => beginningOf(form.prefix, formAt(form))),
  ...statedNames.map(name => beginningOf(name, (text, start) => statedSecret(text, start, start + name.length))),
]

const pairAt = (units: Units, start: number) => ((units[start] ?? 0) << 16) | (units[start + 1] ?? 0)

/** By their first two characters. */
const byPair = Map.groupBy(beginnings, ({ codes }) => pairAt(codes, 0))

const scan = scannerOf([...forms.map(({ prefix }) => prefix), ...statedNames])

/** The first two are known to be there. */
const isThere = (codes: Units, units: Units, start: number) => {
  for (let at = 2; at < codes.length; at++) if (codes[at] !== units[start + at]) return false
  return true
}

const secretFrom = ({ text, units }: Reading, start: number): Finding | null => {
  for (const { codes, secretAt } of byPair.get(pairAt(units, start)) ?? []) {
    const secret = isThere(codes, units, start) ? secretAt(text, start) : null
    if (secret !== null) return secret
  }
  return null
}

/** `{"` in base64, as every JSON Web Token begins. */
const encodedJson = 'eyJ'
const urlRun = /[\w-]*/y

/**
 * Leaves out what looks like encoded JSON in the midst of a run of base64 that began so already. Such a token is
 * thousands of characters long, and a text of nothing but beginnings would be read as many times over.
 */
const onceInRun = (text: string, starts: readonly number[]) => {
  let runEnd = 0
  return starts.filter(start => {
    if (!text.startsWith(encodedJson, start)) return true
    if (start < runEnd) return false
    urlRun.lastIndex = start
    runEnd = start + (urlRun.exec(text)?.[0].length ?? 0)
    return true
  })
}

/** What is looked for at each sign. */
const atSign: readonly (readonly [sign: string, secretAt: (text: string, sign: number) => Finding | null])[] = [
  [
    ':',
    (text, sign) =>
      text.startsWith('//', sign + 1)
        ? urlWithPassword(text, sign)
        : (telegramToken(text, sign) ?? assignedSecret(text, sign)),
  ],
  ['=', assignedSecret],
  ['>', assignedSecret],
  ['Q~', azureClientSecret],
]

/** Keys, tokens and passwords: by the forms that their makers publish, and by the names that stand beside them. */
export const secrets: Detector = {
  types: secretTypes,
  applies: () => true,
  find(reading) {
    const { text } = reading
    const findings: Finding[] = []
    const add = (finding: Finding | null) => {
      if (finding !== null) findings.push(finding)
    }
    for (const start of onceInRun(text, scan(reading))) add(secretFrom(reading, start))
    for (const [sign, secretAt] of atSign) forEachSign(text, sign, at => add(secretAt(text, at)))
    return findings
  },
}
