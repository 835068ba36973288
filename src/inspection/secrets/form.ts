import type { SecretType } from '../../contracts/facts.ts'
import { isExample } from './placeholders.ts'

/** Alphabets and shapes of which forms are made, as sources of regular expressions. */
export const alphanumeric = '[0-9A-Za-z]'
export const hex = '[0-9a-f]'
export const anyHex = '[0-9A-Fa-f]'
export const url64 = '[\\w-]'
export const base64 = '[0-9A-Za-z+/]'
export const uuid = `${anyHex}{8}-${anyHex}{4}-${anyHex}{4}-${anyHex}{4}-${anyHex}{12}`

/** 0 to 1 for what follows a prefix: lower where check digits are wrong, 0 for what cannot be a secret. */
export type Verify = (body: string, prefix: string) => number

/** Of whom, the prefixes it gives out, what follows a prefix as a regular expression, and what else must hold. */
export type FormRow = [owner: string, prefixes: string, body: string, verify?: Verify]

/** A secret that begins with characters by which it is known. */
export type Form = { prefix: string; type: SecretType; body: RegExp; verify: Verify }

const unverified: Verify = () => 1

/** Every quantifier of a body is bounded, so that a hostile text costs each place a bounded time. */
export const formsOf = (type: SecretType, rows: readonly FormRow[]): Form[] =>
  rows.flatMap(([, prefixes, body, verify = unverified]) =>
    prefixes.split(' ').map(prefix => ({ prefix, type, body: new RegExp(`(?:${body})(?!\\w)`, 'y'), verify })),
  )

/** Where a form that begins at `start` ends, and how sure that is; null when there is none. */
export const matchForm = ({ prefix, body, verify }: Form, text: string, start: number) => {
  body.lastIndex = start + prefix.length
  const match = body.exec(text)?.[0]
  if (match === undefined || isExample(match)) return null
  const confidence = verify(match, prefix)
  return confidence < 0.5 ? null : { end: start + prefix.length + match.length, confidence }
}
