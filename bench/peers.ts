import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { type Child, freePort, startChild } from './child.ts'

export const targetNames = [
  'direct',
  'bare',
  'portkey',
  'governed',
  'unrecorded',
  'postgres',
  'postgres-unrecorded',
] as const
export type TargetName = (typeof targetNames)[number]

/** Something that answers chat completions. */
export type Target = Child & { name: TargetName; title: string; url: string; headers: Record<string, string> }

const chat = '/v1/chat/completions'
const headers = { 'content-type': 'application/json', authorization: 'Bearer sk' }
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))

export async function startUpstream(): Promise<Target & { origin: string }> {
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const child = await startChild({
    args: [here('upstream.ts')],
    env: { PORT: String(port) },
    core: 'rest',
    ready: 'listening',
  })
  return { ...child, name: 'direct', title: 'direct', origin, url: origin + chat, headers }
}

export async function startBareProxy(upstream: string): Promise<Target> {
  const port = await freePort()
  const child = await startChild({
    args: [here('bare-proxy.ts')],
    env: { PORT: String(port), UPSTREAM: upstream },
    core: 'measured',
    ready: 'listening',
  })
  return { ...child, name: 'bare', title: 'bare @fastify/http-proxy', url: `http://127.0.0.1:${port}${chat}`, headers }
}

/** Portkey's gateway, open source edition: it forwards, and checks neither keys nor policies. */
export async function startPortkey(upstream: string): Promise<Target> {
  const port = await freePort()
  const child = await startChild({
    args: [
      createRequire(import.meta.url).resolve('@portkey-ai/gateway/build/start-server.js'),
      '--headless',
      `--port=${port}`,
    ],
    env: { TRUSTED_CUSTOM_HOSTS: '127.0.0.1,localhost' },
    core: 'measured',
    ready: 'Ready for connections',
  })
  const route = { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `${upstream}/v1` }
  const url = `http://127.0.0.1:${port}${chat}`
  return { ...child, name: 'portkey', title: '@portkey-ai/gateway', url, headers: { ...headers, ...route } }
}
