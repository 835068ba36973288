import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Layers, policiesFile, readPolicies } from '../../../src/policy/files/policies.ts'
import { saysTheSame, writePolicies } from '../../../src/policy/files/write.ts'
import { anyDocuments } from '../facts.ts'

const read = (text: string): Layers => ({ everyone: {}, customers: {}, ...readPolicies(text).file })

const layers: fc.Arbitrary<Layers> = fc
  .record({
    everyone: anyDocuments,
    customers: fc.dictionary(fc.constantFrom('alice@example.com', 'bob@example.com', 'zoe@example.com'), anyDocuments),
  })
  .map(given => policiesFile.parse(given) as Layers)

test('what is written says what was in force, and is written byte for byte the same once it is read', () => {
  fc.assert(
    fc.property(layers, given => {
      const text = writePolicies(given)
      expect(saysTheSame(read(text), given)).toBe(true)
      expect(writePolicies(read(text))).toBe(text)
      expect(writePolicies(read(text), text)).toBe(text)
    }),
    { numRuns: 100 },
  )
})

test('over a file that says something else, it comes to the same as in a new one', () => {
  fc.assert(
    fc.property(layers, layers, (before, after) => {
      const text = writePolicies(after, writePolicies(before))
      expect(saysTheSame(read(text), after)).toBe(true)
      expect(writePolicies(read(text), text)).toBe(text)
    }),
    { numRuns: 100 },
  )
})

const file = `# Ours.
everyone:
  rate_limit: {requests: 5}   # in part; the window is the default

  # Noted only.
  rules:
    rules:
      # Documents whole.
      - {id: large, when: call.estimated_tokens > 1000, effect: flag, mode: enforce}

customers:
  # She asked.
  alice@example.com:
    risk_threshold: {threshold: 80}
`

describe('over a file that a person wrote', () => {
  test('nothing changes where it says what is in force', () => {
    expect(writePolicies(read(file), file)).toBe(file)
  })

  test('what is new is added, and the rest stays with its comments', () => {
    const { everyone, customers } = read(file)
    const [large] = (everyone.rules as { rules: object[] }).rules
    const rules = [large, { id: 'streams', when: 'call.stream', effect: { score: 5 } }]
    const text = writePolicies({ everyone: { ...everyone, rules: { rules } }, customers }, file)
    for (const comment of ['# Ours.', '# in part', '# Noted only.', '# Documents whole.', '# She asked.'])
      expect(text).toContain(comment)
    expect(text).toContain('rate_limit: {requests: 5}')
    expect(text).toContain('      - id: streams\n        when: call.stream\n        effect: {score: 5}\n')
  })

  test('what is gone goes', () => {
    const { everyone } = read(file)
    const text = writePolicies({ everyone, customers: {} }, file)
    expect(text).not.toContain('alice')
    expect(text).toContain('# Ours.')
  })
})

test('a long condition stays on its line, and one of several lines keeps them', () => {
  const long = Array.from({ length: 20 }, (_, n) => `call.model != 'model-${n}'`).join(' && ')
  const text = writePolicies({
    everyone: {
      rules: {
        rules: [
          { id: 'a', when: long, effect: 'flag' },
          { id: 'b', when: 'call.stream\n  && call.external\n', effect: 'flag' },
        ],
      },
    },
    customers: {},
  })
  expect(text).toContain(`        when: ${long}\n`)
  expect(text).toContain('        when: |\n          call.stream\n            && call.external\n')
})
