import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { text as textOf } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import type { FindingType } from '../src/contracts/facts.ts'
import { findAll } from '../src/inspection/detect.ts'
import { injectionThreshold, scoreInjection } from '../src/inspection/injection/injection.ts'
import { toNormalForm } from '../src/inspection/normal-form.ts'
import { typeOfName } from '../src/inspection/type-names.ts'
import { CommandError, runCommand } from './command.ts'

const usage = `Shows what the proxy would see in a text. Nothing is sent, recorded or kept.

  npm run inspect -- "Write to alice@example.com"
  npm run inspect -- --file letter.txt
  cat letter.txt | npm --silent run inspect
  cat texts.jsonl | npm --silent run inspect -- --jsonl      for machines

With --jsonl, a line is {"id","text"} and the answer {"id","entities":[{"type","start","end","score"}],"injection"},
where offsets count UTF-16 units. "types":["us_ssn"] in a line says what is expected in it.`

function expectedTypes(names: readonly string[]): ReadonlySet<FindingType> {
  return new Set(names.map(typeOfName).filter(type => type !== null))
}

const injectionIn = (text: string) => scoreInjection(toNormalForm(text).text)

async function inspectLines(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === '') continue
    const { id, text, types = [] }: { id: unknown; text: string; types?: string[] } = JSON.parse(line)
    const entities = findAll(text, expectedTypes(types)).map(({ type, start, end, confidence }) => ({
      type,
      start,
      end,
      score: confidence,
    }))
    process.stdout.write(`${JSON.stringify({ id, entities, injection: injectionIn(text) >= injectionThreshold })}\n`)
  }
}

function show(text: string): void {
  const findings = findAll(text)
  const rows = findings.map(({ type, start, end, confidence }) => [
    type,
    confidence.toFixed(2),
    `${start}–${end}`,
    JSON.stringify(text.slice(start, end)),
  ])
  const heading = ['type', 'confidence', 'place', 'text']
  const widths = heading.map((_, column) => Math.max(...[heading, ...rows].map(row => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')
  console.log(findings.length === 0 ? 'Nothing was found.' : [heading, ...rows].map(line).join('\n'))
  const score = injectionIn(text)
  console.log(`\nPrompt injection: ${score.toFixed(2)}${score >= injectionThreshold ? ', flagged' : ''}`)
}

await runCommand(usage, async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { file: { type: 'string' }, jsonl: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) return console.log(usage)
  if (values.jsonl) return inspectLines()
  if (values.file !== undefined) return show(await readFile(values.file, 'utf8'))
  if (positionals.length > 0) return show(positionals.join(' '))
  if (process.stdin.isTTY) throw new CommandError('Say what to look into.')
  show(await textOf(process.stdin))
})
