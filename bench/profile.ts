// Where the time of a governed call goes: writes a .cpuprofile into profiles/, to open in a browser's developer tools,
// and prints what took most of it.
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pinSelf } from './child.ts'
import { startGoverned } from './governed.ts'
import { hotspots } from './hotspots.ts'
import { throughput } from './load.ts'
import { startUpstream } from './peers.ts'

const directory = fileURLToPath(new URL('profiles', import.meta.url))
const connections = 32
const seconds = 10

rmSync(directory, { recursive: true, force: true })
mkdirSync(directory, { recursive: true })
pinSelf()
const upstream = await startUpstream()
const options = ['--cpu-prof', '--cpu-prof-interval=500', `--cpu-prof-dir=${directory}`]
const governed = await startGoverned(upstream.origin, process.env.BENCH_DATABASE_URL || null, { nodeOptions: options })
await throughput(governed, connections, 3)
const { perSecond } = await throughput(governed, connections, seconds)
await governed.stop()
await upstream.stop()

for (const file of readdirSync(directory)) {
  const { modules, functions } = hotspots(JSON.parse(readFileSync(join(directory, file), 'utf8')))
  console.log(`\n${join(directory, file)}: self time, in % of the time that was not idle`)
  console.table(modules.slice(0, 20))
  console.table(functions.slice(0, 30))
}
console.log(`${perSecond.toFixed(0)} requests/s while it was profiled`)
