// Everything in one run, in turns: machines are noisy, so only figures of the same minutes can be compared.
import { parseArgs } from 'node:util'
import { pinSelf } from './child.ts'
import { type Governed, startGoverned } from './governed.ts'
import { startBareProxy, startPortkey, startUpstream, type Target, type TargetName, targetNames } from './peers.ts'
import { keepAway } from './postgres.ts'
import { print, type Recorded, summarise } from './report.ts'
import { measure } from './rounds.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    duration: { type: 'string', default: '3' },
    connections: { type: 'string', default: '32' },
    rate: { type: 'string', default: '300' },
    only: { type: 'string', default: targetNames.join(',') },
    json: { type: 'boolean', default: false },
  },
})
const settings = {
  rounds: positive('rounds'),
  seconds: positive('duration'),
  connections: positive('connections'),
  rate: positive('rate'),
}
const chosen = values.only.split(',')
const unknown = chosen.find(name => !targetNames.some(known => known === name))
if (unknown !== undefined) throw new Error(`--only knows ${targetNames.join(', ')}`)
const databaseUrl = process.env.BENCH_DATABASE_URL || null
const say = (text: string) => process.stderr.write(`${text}\n`)
const chose = (name: TargetName) => chosen.includes(name)

pinSelf()
const letGo = databaseUrl === null ? () => {} : await keepAway(databaseUrl)
const targets: Target[] = []
const governed: Governed[] = []
try {
  const upstream = await startUpstream()
  targets.push(upstream)
  if (chose('bare')) targets.push(await startBareProxy(upstream.origin))
  if (chose('portkey')) targets.push(await startPortkey(upstream.origin))
  if (chose('governed')) governed.push(await startGoverned(upstream.origin, null))
  if (chose('postgres') && databaseUrl !== null) governed.push(await startGoverned(upstream.origin, databaseUrl))
  targets.push(...governed)
  if (chose('unrecorded')) targets.push(await startGoverned(upstream.origin, null, { recorded: false }))
  if (chose('postgres-unrecorded') && databaseUrl !== null)
    targets.push(await startGoverned(upstream.origin, databaseUrl, { recorded: false }))

  const found = await measure(targets, settings, say)
  const recorded: Recorded[] = []
  for (const target of governed) {
    await target.stop()
    const answered = found.find(figures => figures.target === target)?.answered ?? 0
    recorded.push({ target: target.name, answered, recorded: await target.records() })
  }
  const summary = summarise(found, recorded, settings)
  if (values.json) console.log(JSON.stringify(summary))
  else print(summary)
  for (const { target, answered, recorded: rows } of recorded) {
    if (rows === answered) continue
    say(`${target}: the audit log does not match the calls that were answered`)
    process.exitCode = 1
  }
} finally {
  letGo()
  for (const target of targets) await target.stop()
}

function positive(name: 'rounds' | 'duration' | 'connections' | 'rate'): number {
  const value = Number(values[name])
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1 on`)
  return value
}
