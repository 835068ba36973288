import { createInterface } from 'node:readline'
import { type FindingType, personalDataTypes, secretTypes } from '../src/contracts/facts.ts'
import { findAll } from '../src/inspection/detect.ts'

/** Names of types that other tools use, beside our own. */
const otherNames: Readonly<Record<string, FindingType>> = {
  person: 'person_name',
  email_address: 'email',
  phone_number: 'phone',
  tr_phone_number: 'phone',
  ph_mobile_number: 'phone',
  iban_code: 'iban',
  crypto: 'crypto_wallet',
  address: 'postal_address',
}

const ownNames: ReadonlySet<string> = new Set([...personalDataTypes, ...secretTypes])
const isFindingType = (name: string): name is FindingType => ownNames.has(name)

function expectedTypes(names: readonly string[]): ReadonlySet<FindingType> {
  return new Set(
    names
      .map(name => name.toLowerCase())
      .map(name => otherNames[name] ?? name)
      .filter(isFindingType),
  )
}

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === '') continue
  const { id, text, types = [] }: { id: string; text: string; types?: string[] } = JSON.parse(line)
  const entities = findAll(text, expectedTypes(types)).map(({ type, start, end, confidence }) => ({
    type,
    start,
    end,
    score: confidence,
  }))
  process.stdout.write(`${JSON.stringify({ id, entities })}\n`)
}
