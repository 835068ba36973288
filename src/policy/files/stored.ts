import { type Layers, policiesFile } from './policies.ts'

/** What a store gives for each layer: everyone's has no address. */
type StoredLayer = { email: string | null; documents: object }

/** What is stored, in the form that a file has. Throws if it is not valid: someone changed it by hand. */
export function layersOf(stored: readonly StoredLayer[]): Layers {
  const everyone = stored.find(({ email }) => email === null)?.documents ?? {}
  const customers = stored.flatMap(({ email, documents }) => (email === null ? [] : [[email, documents] as const]))
  const parsed = policiesFile.safeParse({ everyone, customers: Object.fromEntries(customers) })
  if (parsed.success) return parsed.data as Layers
  const faults = parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`)
  throw new Error(`What is stored is not valid:\n${faults.join('\n')}`)
}
