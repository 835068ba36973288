import { describe, expect, test } from 'vitest'
import type { Facts } from '../../../src/contracts/facts.ts'
import { compileExpression } from '../../../src/policy/cel/expression.ts'
import { harmless } from '../facts.ts'

const facts: Facts = {
  ...harmless,
  model: 'gpt-4o',
  provider: 'openai',
  external: true,
  max_output_tokens: 4000,
  sizes: { ...harmless.sizes, images: 2 },
  personal_data: { declared: false, types: { email: 2, phone: 1 }, uncertain: { phone: 1 } },
  secrets: { secret_token: 1 },
  custom: { code_name: 3 },
  prompt_injection: { score: 0.75, speaker: 'tool' },
  tools: { names: ['read_file', 'write_file'], total: 3 },
  uninspectable_content: ['image'],
  usage: { month_cost: 99.5 },
  declared: { intent: 'support', contains_personal_data: false },
}

const judged = (when: string, given: Facts = facts) =>
  compileExpression(when).holds({ facts: given, approves: provider => provider === 'openai', item: null })

describe('holds', () => {
  test.each([
    'call.external && call.approved',
    "call.model.startsWith('gpt-') && call.provider == 'openai'",
    "call.operation == 'chat.completions.create'",
    "call.model in ['gpt-4o', 'o3']",
    "!(call.model in ['o3'])",
    'call.max_output_tokens >= 4000 && call.max_output_tokens < 4001',
    'call.max_output_tokens > 3999.5',
    'call.images == 2',
    'personal_data.total == 3',
    "personal_data.types['email'] > 1",
    'personal_data.types.email == 2',
    "personal_data.types['us_ssn'] == 0",
    "'email' in personal_data.types && !('us_ssn' in personal_data.types)",
    'has(personal_data.types.email) && !has(personal_data.types.iban)',
    "personal_data.types.exists(type, type in ['phone', 'iban'])",
    'personal_data.types.exists(type, personal_data.types[type] == 2)',
    'personal_data.types.phone == personal_data.uncertain.phone',
    "secrets.total == 1 && secrets.types['secret_token'] == 1",
    "custom['code_name'] == 3 && custom['unknown'] == 0",
    'prompt_injection.score >= 0.75',
    "prompt_injection.speaker == 'tool'",
    "'image' in uninspectable_content && size(uninspectable_content) == 1",
    "tools.names.exists(name, name.startsWith('write_'))",
    "tools.names.all(name, name.endsWith('_file'))",
    "tools.names.exists_one(name, name.contains('read'))",
    "tools.names.exists(name, name.matches('^write_[a-z]+$'))",
    'tools.total > size(tools.names)',
    "tools.names[0] == 'read_file'",
    "declared['intent'] == 'support' && declared.team == ''",
    "declared.contains_personal_data == 'false'",
    "key.name == 'first' && key.age_days == 30",
    "customer.email.endsWith('@example.com')",
    'time.hour == 9 && time.minute == 30',
    "time.weekday == 3 && time.date == '2026-11-25'",
    'usage.month_cost + 0.5 == 100.0',
    "call.model.lowerAscii() == 'gpt-4o' && call.model.upperAscii() == 'GPT-4O'",
    "(call.external ? 'a' : 'b') == 'a'",
    '7 / 2 == 3 && -7 / 2 == -3 && 7 % 2 == 1 && 7.0 / 2.0 == 3.5',
    // Elements keep their types, whatever list they come from.
    '[7, 2][0] / 2 == 3 && [call.images, 7][1] / 2 == 3 && [7].exists(number, number / 2 == 3)',
    '(call.external ? [7] : [])[0] / 2 == 3 && (call.external ? [] : [7]) == []',
    "tools.names == ['read_file', 'write_file'] && tools.names != ['read_file'] && [1, 2] != [2, 1]",
    "(call.external ? personal_data.types : custom)['email'] == 2",
    "(call.external ? personal_data.types : custom)['iban'] + 1 == 1",
    "int('-12') == -12 && double('2.5') == 2.5 && double('1e3') == 1000.0 && int(-1.5) == -1",
    'double(call.images) / 4.0 == 0.5 && int(prompt_injection.score * 100.0) == 75',
    "'a' + 'b' == 'ab' && 'a' < 'b'",
    // An error on one side is forgotten when the other settles the matter, in either order.
    'true || 1 / 0 == 1',
    '1 / 0 == 1 || true',
    '!(1 / 0 == 1 && false)',
    "tools.names.exists(name, 1 / (size(name) - 9) > 0 || name == 'write_file')",
  ])('%s', when => {
    expect(judged(when)).toBe(true)
  })

  test.each(['__proto__', 'constructor', 'toString'])(
    'no more than nothing for the key %s, which every object has',
    key => {
      expect(judged(`custom['${key}'] == 0 && !('${key}' in custom)`)).toBe(true)
    },
  )

  test('nothing that the caller left out', () => {
    const bare: Facts = { ...harmless, model: null, provider: null, max_output_tokens: null }
    expect(judged("call.model == '' && call.provider == '' && call.max_output_tokens == 0", bare)).toBe(true)
    expect(judged("prompt_injection.speaker == '' && declared.intent == ''", bare)).toBe(true)
  })

  test.each([
    [1, '2026-11-23'],
    [4, '2026-11-26'],
    [7, '2026-11-29'],
    [4, '1970-01-01'],
  ])('weekday %i on %s', (weekday, date) => {
    expect(judged(`time.weekday == ${weekday} && time.date == '${date}'`, { ...facts, at: Date.parse(date) })).toBe(
      true,
    )
  })
})

describe('cannot be judged', () => {
  test.each([
    ['a division by zero', '1 / (call.files) == 1'],
    ['a remainder by zero', '1 % (call.files) == 1'],
    ['a number that loses digits', 'call.max_output_tokens * 9007199254740991 > 1'],
    ['an index out of bounds', "tools.names[2] == ''"],
    ['an index below zero', "tools.names[-1] == ''"],
    ['an error that no element settles', 'tools.names.exists(name, 1 / 0 > size(name))'],
    ['a fraction that is no whole number any more', 'int(prompt_injection.score * 1e300) > 1'],
    ['a text that is no number', 'int(call.model) > 1'],
    ['a fraction in the place of a whole number', "int('1.5') > 1"],
    ['no number at all', "double('') > 1.0"],
    ['a text that grows', `size(${'call.model + '.repeat(190)}'') > 1`],
    ['a cost that is not known', 'usage.month_cost > 1.0'],
  ])('%s', (_what, when) => {
    expect(() => judged(when, { ...facts, usage: { month_cost: null } })).toThrow()
  })
})

test('names the facts that it reads', () => {
  const { reads } = compileExpression("call.external && personal_data.types['email'] > 0 || has(declared.intent)")
  expect([...reads].toSorted()).toEqual(['call.external', 'declared', 'personal_data.types'])
})

describe('is refused when it is saved, with its place and what may have been meant', () => {
  test.each([
    ["call.modle == 'x'", 'line 1, column 1: unknown fact call.modle; did you mean call.model?'],
    ['call.external &&\n  cal.stream', 'line 2, column 3: unknown fact cal.stream; did you mean call.stream?'],
    ["personal_data.types['emial'] > 0", '"emial"; did you mean email?'],
    ["secrets.types['token'] > 0", 'secrets.types has no key "token"'],
    ["call == 'x'", 'call is not a fact by itself; name one of call.source, '],
    ['call.model.length > 3', 'unknown fact call.model.length'],
    ["call.model.startWith('a')", 'rules cannot use startWith(); did you mean startsWith?'],
    ['call.model > 3', 'line 1, column 1: no such overload: string > int'],
    ["call.external == 'yes'", 'no such overload: bool == string'],
    ['call.images == 1.5', 'no such overload: int == double'],
    ['call.images', 'a condition is true or false, and this is of type int'],
    ['call.external &&', 'line 1, column 17: Unexpected token: EOF'],
    ['call.external & call.stream', 'line 1, column 15: Unexpected character: &'],
    ['', 'Unexpected token: EOF'],
    ["call.model.matches('(a')", 'regular expression of RE2'],
    ["call.model.matches('a(?=b)')", 'regular expression of RE2'],
    ['call.model.matches(call.provider)', 'needs a pattern that is written out'],
    ["call.model.matches('a' + call.provider)", 'needs a pattern that is written out'],
    ["call.model.matches('(a{1,490})$')", 'line 1, column 20: the patterns of a condition are too large'],
    ['size(tools.names + tools.names) > 1', 'a list cannot stand beside +'],
    ['personal_data.types == secrets.types', 'a map cannot stand beside =='],
    ['[personal_data.types].exists(one, true)', 'line 1, column 1: a list holds texts, numbers, or true and false'],
    ["tools.names.map(n, n) == ['a']", 'rules cannot use map()'],
    ["size(tools.names.filter(n, n != '')) > 1", 'rules cannot use filter()'],
    ['tools.names.exists(a, tools.names.exists(b, a == b))', 'cannot stand within another of its kind'],
    ["cel.bind(a, 'b', a == a)", 'rules cannot use bind()'],
    ['google.protobuf.Timestamp == google.protobuf.Timestamp', 'unknown fact google.protobuf.Timestamp'],
    ['dyn(call.images) == 2', 'rules cannot use dyn()'],
    ['type(call.images) == int', 'rules cannot use type()'],
    ["timestamp('2026-01-01T00:00:00Z') == timestamp('2026-01-01T00:00:00Z')", 'rules cannot use timestamp()'],
    ['{1: 2} == {1: 2}', 'rules cannot use map'],
    ['call.images == null', 'rules know texts, numbers, true and false'],
    ["b'a' == b'a'", 'rules know texts, numbers, true and false'],
    ['call.images == 99999999999999999999', 'the number is too large'],
    ['size() == 1', 'wrong number of arguments'],
    ['has(call.model)', 'has() asks for a key of a map'],
    [`call.external${' && true'.repeat(300)}`, 'a condition may have 2000 characters'],
    [`call.external${' && true'.repeat(230)}`, 'Exceeded maxAstNodes (400)'],
    [`${'('.repeat(40)}true${')'.repeat(40)}`, 'Exceeded maxDepth (24)'],
    [`1 in [${'1,'.repeat(300)}1]`, 'Exceeded maxListElements (200)'],
    [`${'!'.repeat(1999)}a`, 'Exceeded maxAstNodes (400)'],
  ])('%.60s', (when, problem) => {
    expect(() => compileExpression(when)).toThrow(problem)
  })
})
