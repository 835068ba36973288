import { secretTypes } from '../../contracts/facts.ts'
import type { Detector, Finding } from '../detectors/detector.ts'
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
import { forEachSign, scannerOf } from './scan.ts'
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
const byStart = Map.groupBy(forms, ({ prefix }) => prefix.slice(0, 2))
const namesByStart = Map.groupBy(statedNames, name => name.slice(0, 2))

const scan = scannerOf([...forms.map(({ prefix }) => prefix), ...statedNames])

const formAt = (text: string, start: number): Finding | null => {
  for (const form of byStart.get(text.slice(start, start + 2)) ?? []) {
    if (!text.startsWith(form.prefix, start)) continue
    const match = matchForm(form, text, start)
    if (match !== null) return { start, type: form.type, ...match }
  }
  return null
}

const statementAt = (text: string, start: number) => {
  const name = namesByStart.get(text.slice(start, start + 2))?.find(name => text.startsWith(name, start))
  return name === undefined ? null : statedSecret(text, start, start + name.length)
}

/** What is looked for at each sign. */
const atSign: Readonly<Record<string, (text: string, sign: number) => Finding | null>> = {
  ':': (text, sign) =>
    text.startsWith('//', sign + 1)
      ? urlWithPassword(text, sign)
      : (telegramToken(text, sign) ?? assignedSecret(text, sign)),
  '=': assignedSecret,
  '>': assignedSecret,
  'Q~': azureClientSecret,
}

/** Keys, tokens and passwords: by the forms that their makers publish, and by the names that stand beside them. */
export const secrets: Detector = {
  types: secretTypes,
  /** Every key has digits or capitals in it, and every password that has none stands after a sign. */
  applies: facts => facts.digits > 0 || facts.capitals || facts.colon,
  find(text) {
    const findings: Finding[] = []
    const add = (finding: Finding | null) => {
      if (finding !== null) findings.push(finding)
    }
    scan(text, start => add(formAt(text, start) ?? statementAt(text, start)))
    for (const [sign, secretAt] of Object.entries(atSign)) forEachSign(text, sign, at => add(secretAt(text, at)))
    return findings
  },
}
