import { type PolicyKey, policyKeys } from '../../src/contracts/decision.ts'
import { CommandError } from '../command.ts'

export function policyKey(name: string | undefined): PolicyKey {
  const key = policyKeys.find(known => known === name)
  if (key === undefined) throw new CommandError(`The policy must be one of: ${policyKeys.join(', ')}.`)
  return key
}

export function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    throw new CommandError('The document must be JSON, in quotes that your shell leaves alone.')
  }
}
