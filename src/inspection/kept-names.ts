import { LRUCache } from 'lru-cache'
import { modelName, operationName } from '../contracts/names.ts'
import { namesSomeone } from './declared.ts'

/** Names that were looked into and found to say nothing of anyone: what callers use over and over. */
const harmless = new LRUCache<string, true>({ max: 1000 })

/**
 * Whether a caller's text can be a model's name, which the record keeps: none that names a person or holds a secret.
 */
export const isModelName = (text: string): boolean => modelName.test(text) && isHarmless(text)

/** Likewise for a caller's own word for an operation. */
export const isOperationName = (text: string): boolean => operationName.test(text) && isHarmless(text)

const isHarmless = (name: string): boolean => {
  if (harmless.has(name)) return true
  if (namesSomeone(name)) return false
  harmless.set(name, true)
  return true
}
