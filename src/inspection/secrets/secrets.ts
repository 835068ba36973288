import { secretTypes } from '../../contracts/facts.ts'
import { type Detector, type Finding, forEachSign } from '../detectors/detector.ts'
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

/** Forms and names by their first two characters. */
const byStart = new Map<string, { forms: Form[]; names: string[] }>()
const startingAs = (beginning: string) => {
  const pair = beginning.slice(0, 2)
  const entry = byStart.get(pair) ?? { forms: [], names: [] }
  byStart.set(pair, entry)
  return entry
}
for (const form of forms) startingAs(form.prefix).forms.push(form)
for (const name of statedNames) startingAs(name).names.push(name)

const scan = scannerOf([...forms.map(({ prefix }) => prefix), ...statedNames])

const secretFrom = (text: string, start: number): Finding | null => {
  const entry = byStart.get(text.slice(start, start + 2))
  if (entry === undefined) return null
  for (const form of entry.forms) {
    if (!text.startsWith(form.prefix, start)) continue
    const match = matchForm(form, text, start)
    if (match !== null) return { start, type: form.type, ...match }
  }
  for (const name of entry.names)
    if (text.startsWith(name, start)) return statedSecret(text, start, start + name.length)
  return null
}

/** `{"` in base64, as every JSON Web Token begins. */
const encodedJson = 'eyJ'
const urlRun = /[\w-]*/y

/**
 * Leaves out what looks like encoded JSON in the midst of a run of base64 that began so already. Such a token is thousands
 * of characters long, and a text of nothing but beginnings would be read as many times over.
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
    for (const start of onceInRun(text, scan(reading))) add(secretFrom(text, start))
    for (const [sign, secretAt] of atSign) forEachSign(text, sign, at => add(secretAt(text, at)))
    return findings
  },
}
