import fc from 'fast-check'
import type { Facts } from '../../../src/contracts/facts.ts'
import { type Path, paths, vocabulary, type Word } from '../../../src/policy/vocabulary.ts'

const approves = () => true
const ofType = (type: Word['type']) =>
  paths.filter(path => vocabulary[path].type === type && path !== 'usage.month_cost')

/** Keys that the facts of `facts.ts` can be asked for: a map has them all, because the library fails on the others. */
export const askedKeys: Partial<Record<Path, readonly string[]>> = {
  'personal_data.types': ['email', 'phone'],
  'secrets.types': ['secret_token'],
  custom: ['code_name'],
}

const entries = Object.entries(askedKeys).flatMap(([path, keys]) => keys.map(key => `${path}['${key}']`))
const operator = (...names: string[]) => fc.constantFrom(...names)
const text = fc.constantFrom("''", "'gpt-4o'", "'openai'", "'read_file'", "'a\\\\b'", "'2026-01-01'", 'r"[a-z]"')

/** Well-typed conditions of every kind that rules can be written in. */
export const { condition } = fc.letrec<Record<'condition' | 'int' | 'ints' | 'double' | 'string' | 'inner', string>>(
  tie => ({
    int: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(...ofType('int'), ...entries),
      fc.integer({ min: -3, max: 5000 }).map(number => (number < 0 ? `(${number})` : String(number))),
      fc.tuple(tie('int'), operator('+', '-', '*', '/', '%'), tie('int')).map(([a, op, b]) => `(${a} ${op} ${b})`),
      tie('string').map(of => `size(${of})`),
      fc.constantFrom('size(tools.names)', 'size(personal_data.types)', 'int(prompt_injection.score)', "int('-12')"),
      tie('int').map(of => `-(${of})`),
      fc.tuple(tie('ints'), tie('int')).map(([list, at]) => `${list}[${at}]`),
      tie('condition').map(asked => `(${asked} ? personal_data.types : personal_data.types)['email']`),
      fc.constant('int(call.operation)'),
    ),
    double: fc.oneof(
      { maxDepth: 3 },
      fc.constant('prompt_injection.score'),
      fc.integer({ min: 0, max: 200 }).map(hundredths => (hundredths / 100).toFixed(2)),
      fc.tuple(tie('double'), operator('+', '-', '*', '/'), tie('double')).map(([a, op, b]) => `(${a} ${op} ${b})`),
      tie('int').map(of => `double(${of})`),
      fc.constantFrom("double('2.5')", "double('2,5')", 'double(call.operation)'),
    ),
    ints: fc.oneof(
      { maxDepth: 2 },
      fc.array(tie('int'), { minLength: 1, maxLength: 3 }).map(list => `[${list.join(', ')}]`),
      fc.tuple(tie('condition'), tie('ints'), tie('ints')).map(([asked, a, b]) => `(${asked} ? ${a} : ${b})`),
    ),
    string: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(...ofType('string')),
      text,
      fc.tuple(tie('string'), tie('string')).map(([a, b]) => `(${a} + ${b})`),
      tie('string').map(of => `${of}.lowerAscii()`),
      fc.tuple(tie('condition'), tie('string'), tie('string')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
      tie('int').map(at => `tools.names[${at}]`),
    ),
    inner: fc.oneof(
      fc.constantFrom(
        "item == 'read_file'",
        "item.startsWith('w')",
        'size(item) % 2 == 0',
        '1 / (size(item) - 9) == 0',
      ),
      tie('string').map(of => `item < ${of}`),
    ),
    condition: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(...ofType('bool'), 'true', 'false'),
      fc.tuple(tie('condition'), operator('&&', '||'), tie('condition')).map(([a, op, b]) => `(${a} ${op} ${b})`),
      tie('condition').map(of => `!(${of})`),
      ...(['int', 'double', 'string'] as const).map(type =>
        fc
          .tuple(tie(type), operator('==', '!=', '<', '<=', '>', '>='), tie(type))
          .map(([a, op, b]) => `${a} ${op} ${b}`),
      ),
      fc
        .tuple(tie('string'), operator('startsWith', 'endsWith', 'contains'), tie('string'))
        .map(([a, test, b]) => `${a}.${test}(${b})`),
      tie('string').map(of => `${of}.matches('^[a-z]+[0-9]?')`),
      fc.tuple(tie('string'), fc.array(text, { minLength: 1 })).map(([a, list]) => `${a} in [${list.join(', ')}]`),
      fc.tuple(tie('int'), tie('ints')).map(([a, list]) => `${a} in ${list}`),
      fc.tuple(tie('ints'), operator('==', '!='), tie('ints')).map(([a, op, b]) => `${a} ${op} ${b}`),
      fc
        .tuple(tie('ints'), operator('exists', 'all', 'exists_one'))
        .map(([list, macro]) => `${list}.${macro}(item, item / 2 == 1 || item % 2 == 0)`),
      fc.constantFrom("tools.names == ['read_file']", "tools.names != ['read_file', 'write_file']"),
      tie('string').map(of => `${of} in tools.names`),
      tie('string').map(of => `${of} in personal_data.types`),
      fc
        .tuple(operator('exists', 'all', 'exists_one'), tie('inner'))
        .map(([macro, inner]) => `tools.names.${macro}(item, ${inner})`),
    ),
  }),
)

/** What the library's own evaluator takes: its integers are BigInt, its maps are maps. */
export function celContext(facts: Facts): Record<string, unknown> {
  const context: Record<string, Record<string, unknown> | unknown> = {}
  for (const path of paths) {
    const { from, type }: Word = vocabulary[path]
    if (path === 'usage.month_cost') continue
    const value = celValue(from(facts, approves), type)
    const [root = '', member] = path.split('.')
    if (member === undefined) context[root] = value
    else context[root] = { ...(context[root] as object), [member]: value }
  }
  return context
}

function celValue(value: unknown, type: Word['type']): unknown {
  if (type === 'int') return BigInt(value as number)
  if (!type.startsWith('map')) return value
  const isCount = type === 'map<string, int>'
  const pairs = Object.entries(value as object).map(
    ([key, inner]) => [key, isCount ? BigInt(inner) : String(inner)] as const,
  )
  return new Map(pairs)
}
