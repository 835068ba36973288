// Measures the detectors on the labelled texts of data/, and their speed, in one table:
// `npm run bench:inspection`
import { createHash } from 'node:crypto'
import { parseArgs } from 'node:util'
import type { FindingType } from '../../src/contracts/facts.ts'
import { detectors, findAll, findWith } from '../../src/inspection/detect.ts'
import { injectionThreshold, scoreInjection } from '../../src/inspection/injection/injection.ts'
import { toNormalForm } from '../../src/inspection/normal-form.ts'
import { personName } from '../../src/inspection/person-names/person-names.ts'
import { typeOfName } from '../../src/inspection/type-names.ts'
import { type Benign, load, type Prompt } from './data.ts'
import { detect } from './detector.ts'
import { disguiseNames, evasionRecall } from './evasion.ts'
import { type Detect, f2, isPersonal, precision, recall, scoreCases, scoreDocuments } from './score.ts'
import { hostile, prose, time, timeConversation } from './speed.ts'

type Row = { on: string; figure: string; goal: string; reached: string; ok: boolean }

const find: Detect = (text, expected = []) =>
  findAll(text, new Set(expected.map(typeOfName).filter((type): type is FindingType => type !== null)))

const percent = (share: number) => `${(100 * share).toFixed(1)}%`
const two = (value: number) => value.toFixed(3)
const rows: Row[] = []
const add = (on: string, figure: string, goal: string, reached: string, ok: boolean) =>
  rows.push({ on, figure, goal, reached, ok })
const atLeast = (on: string, figure: string, goal: number, value: number, show = two) =>
  add(on, figure, `≥ ${show(goal)}`, show(value), value >= goal)
const atMost = (on: string, figure: string, goal: number, value: number, show = two) =>
  add(on, figure, `≤ ${show(goal)}`, show(value), value <= goal)

function documents(): void {
  const on = 'presidio_research_synth'
  const { types, whole, micro } = scoreDocuments(load(on), find)
  atLeast(on, 'recall of documents', 0.97, recall(whole), percent)
  atMost(on, 'clean documents flagged', 0.05, whole.fp / whole.clean, percent)
  for (const type of ['email', 'credit_card', 'iban', 'us_ssn', 'ip_address'] as const)
    atLeast(on, `${type} F2`, 0.99, f2(types.get(type) ?? nothing))
  atLeast(on, 'phone F2', 0.75, f2(types.get('phone') ?? nothing))
  atLeast(on, 'person_name F2', 0.75, f2(types.get('person_name') ?? nothing))
  atLeast(on, 'micro F2', 0.7, f2(micro))
  for (const [set, goal] of [
    ['uner_ewt_dev', 0.75],
    ['wnut17_dev', 0.45],
  ] as const) {
    const names = scoreDocuments(load(set), find).types.get('person_name') ?? nothing
    atLeast(set, `person_name F2 (P ${two(precision(names))}, R ${two(recall(names))})`, goal, f2(names))
  }
}

const nothing = { tp: 0, fp: 0, fn: 0 }

function recognizerCases(): void {
  const on = 'presidio_recognizer_cases'
  const cases = load(on)
  atLeast(on, 'balanced, no hint', 0.9, scoreCases(cases, find, false).balanced, percent)
  atLeast(on, 'balanced, with the type as hint', 0.97, scoreCases(cases, find, true).balanced, percent)
}

/** Whether something structured is reported that is not there: names and addresses are not audited in these texts. */
function falseAlarm({ text, truth = {} }: Benign): boolean {
  const true_ = new Set(Object.keys(truth).map(typeOfName))
  return findAll(text).some(
    ({ type }) =>
      isPersonal(type) &&
      type !== 'person_name' &&
      type !== 'postal_address' &&
      !true_.has(type) &&
      type !== 'mac_address',
  )
}

function benignTexts(): Benign[] {
  const on = 'benign'
  const benign = load(on)
  const flagged = benign.filter(falseAlarm)
  atMost(on, 'documents with a false structured finding', 0.005, flagged.length / benign.length, percent)
  const ofCode = flagged.filter(({ set }) => set === 'code' || set === 'lockfile').length
  add(on, 'of them code and lock files', '0', String(ofCode), ofCode === 0)
  const secrets = benign.filter(({ text }) => findAll(text).some(({ type }) => type.startsWith('secret_'))).length
  add(on, 'documents with a false secret', '0', String(secrets), secrets === 0)
  return benign
}

function secretTexts(): void {
  const on = 'secrets_secretlint'
  const holding = load(on).filter(({ secret }) => secret)
  const found = holding.filter(({ text }) => findAll(text).some(({ type }) => type.startsWith('secret_')))
  atLeast(on, 'recall of documents', 0.85, found.length / holding.length, percent)
}

/** The half that scripts/train-injection.ts does not train on. */
const isHeldOut = ({ id }: Prompt) => (createHash('sha256').update(id).digest()[0] ?? 0) % 2 === 1

const injectionIn = (text: string) => scoreInjection(toNormalForm(text).text)

function injections(): void {
  const on = 'injection'
  const prompts = load(on).filter(isHeldOut)
  const flagged = ({ text }: Prompt) => injectionIn(text) >= injectionThreshold
  const share = (of: Prompt[]) => of.filter(flagged).length / of.length
  atLeast(on, 'recall, half not trained on', 0.6, share(prompts.filter(({ injection }) => injection)), percent)
  atMost(on, 'false positives', 0.05, share(prompts.filter(({ injection }) => !injection)), percent)
  const hard = prompts.filter(({ set }) => /notinject/i.test(set))
  atMost(on, 'false positives on NotInject', 0.05, share(hard), percent)
}

function speed(benign: Benign[]): void {
  const on = '4 KB of prose'
  const texts = prose(benign)
  const { p50, p99 } = time(texts, detect)
  atMost(on, 'everything, p50 in ms', 0.4, p50)
  atMost(on, 'everything, p99 in ms', 1, p99)
  const patterns = detectors.filter(detector => detector !== personName)
  const alone = time(texts, text => findWith(patterns, toNormalForm(text))).p50
  atMost(on, 'patterns and normal form, in µs a KB', 25, (alone * 1000) / 4, value => value.toFixed(1))
  const conversation = texts.slice(0, 16)
  const whole = timeConversation(conversation, 0)
  const onlyNew = timeConversation(conversation, 1000)
  add('64 KB, and 1 KB more', 'looked into whole, in ms', '', whole.toFixed(3), true)
  add('64 KB, and 1 KB more', 'where it is new, in ms', '', onlyNew.toFixed(3), true)
  const { inputs, outOfProportion, worst, worstMs } = hostile(detect)
  add(`${inputs} hostile inputs`, 'out of proportion', '0', String(outOfProportion), outOfProportion === 0)
  atMost(`${inputs} hostile inputs`, `worst 32 KB in ms: ${JSON.stringify(worst)}`, 10, worstMs)
}

function evasion(): void {
  const { kept, worst } = evasionRecall()
  atLeast(`evasion, ${disguiseNames.length} disguises`, `recall kept (worst: ${worst})`, 0.9, kept, percent)
}

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } })
documents()
recognizerCases()
const benign = benignTexts()
secretTexts()
injections()
evasion()
speed(benign)
if (values.json) console.log(JSON.stringify(rows))
else console.table(rows.map(({ ok, ...row }) => ({ ...row, '': ok ? '' : 'missed' })))
