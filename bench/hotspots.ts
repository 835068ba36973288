type Frame = { functionName: string; url: string; lineNumber: number }
type Profile = {
  nodes: { id: number; callFrame: Frame }[]
  samples: number[]
  timeDeltas: number[]
}
type Share = { name: string; percent: number }

/** Self time of a CPU profile by module and by function, in percent of the time that was not idle, largest first. */
export function hotspots({ nodes, samples, timeDeltas }: Profile): { modules: Share[]; functions: Share[] } {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const byModule = new Map<string, number>()
  const byFunction = new Map<string, number>()
  let total = 0
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id)
    if (frame === undefined || frame.functionName === '(idle)') continue
    const micros = timeDeltas[index] ?? 0
    const module = moduleOf(frame)
    const name = `${frame.functionName || '(anonymous)'} ${module}:${frame.lineNumber + 1}`
    total += micros
    byModule.set(module, (byModule.get(module) ?? 0) + micros)
    byFunction.set(name, (byFunction.get(name) ?? 0) + micros)
  }
  return { modules: largest(byModule, total), functions: largest(byFunction, total) }
}

/** A package's name, a file of this proxy, or a module of Node's. */
function moduleOf({ url, functionName }: Frame): string {
  const packaged = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]
  if (packaged !== undefined) return packaged
  return /\/((?:src|providers)\/.*)$/.exec(url)?.[1] ?? (url || functionName)
}

function largest(times: ReadonlyMap<string, number>, total: number): Share[] {
  const shares = [...times].map(([name, micros]) => ({ name, percent: Math.round((micros / total) * 1000) / 10 }))
  return shares.sort((a, b) => b.percent - a.percent)
}
