// Every request that a page or the Postman collection shows must be one that the proxy answers.
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { testDatabase } from '../fakes/database.ts'
import { startProxy } from '../fakes/proxy.ts'
import { pages, read } from './pages.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let proxy: Awaited<ReturnType<typeof startProxy>>

beforeAll(async () => {
  // The demo provider answers nobody here.
  variables.set('model', 'openai/demo')
  database = await testDatabase()
  proxy = await startProxy({ database })
})
afterAll(async () => {
  await proxy.stop()
  await database.close()
})

const isRoute = (method: string, path: string) => proxy.app.findRoute({ method: method as 'GET', url: path }) !== null

describe.each([...pages])('%s', (_file, text) => {
  test('shows requests to paths that exist', () => {
    const commands = text.replaceAll('\\\n', ' ').matchAll(/^ *curl .*$/gm)
    const unknown = [...commands].flatMap(([command]) => {
      const path = /http:\/\/127\.0\.0\.1:8000(\/[\w/-]*)/.exec(command)?.[1]
      const method = /-X (\w+)/.exec(command)?.[1] ?? (/ -d /.test(command) ? 'POST' : 'GET')
      return path !== undefined && isRoute(method, path) ? [] : [command]
    })
    expect(unknown).toEqual([])
  })

  test('names paths that exist', () => {
    const named = [...text.matchAll(/`(GET|POST) (\/[\w/-]+)`/g)]
    expect(named.filter(([, method = '', path = '']) => !isRoute(method, path)).map(([name]) => name)).toEqual([])
  })
})

const request = z.object({
  name: z.string(),
  event: z.array(z.object({ script: z.object({ exec: z.array(z.string()) }) })),
  request: z.object({
    method: z.string(),
    auth: z.object({ type: z.literal('noauth') }).optional(),
    url: z.object({ raw: z.string(), path: z.array(z.string()) }),
    body: z.object({ raw: z.string() }).optional(),
  }),
})
const collection = z
  .object({
    info: z.object({ schema: z.literal('https://schema.getpostman.com/json/collection/v2.1.0/collection.json') }),
    event: z.array(z.object({ script: z.object({ exec: z.array(z.string()) }) })),
    variable: z.array(z.object({ key: z.string(), value: z.string() })),
    item: z.array(z.object({ name: z.string(), item: z.array(request) })),
  })
  .parse(JSON.parse(read('docs/postman/collection.json')))
const requests = collection.item.flatMap(({ item }) => item)
const variables = new Map(collection.variable.map(({ key, value }) => [key, value]))

function withVariables(text: string): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (_whole, key) => variables.get(key) ?? '')
}

/** What Postman runs after every answer. */
function afterAnswer({ headers }: Response): void {
  const pm = {
    response: { headers },
    collectionVariables: { set: (key: string, value: string) => variables.set(key, value) },
  }
  for (const { script } of collection.event) runInNewContext(script.exec.join('\n'), { pm })
}

describe.each(requests.map(item => [item.name, item] as const))('Postman: %s', (_name, { event, request }) => {
  test('goes to a path that exists, and checks its answer', () => {
    const path = `/${request.url.path.join('/')}`
    expect(request.url.raw).toBe(`{{base_url}}${path}`)
    expect(isRoute(request.method, withVariables(path))).toBe(true)
    expect(event[0]?.script.exec.join()).toMatch(/to\.have\.status\(\d{3}\)/)
  })

  test('is answered with the status that it expects, unless that takes a provider', async () => {
    const status = Number(/status\((\d{3})\)/.exec(event[0]?.script.exec.join() ?? '')?.[1])
    const path = withVariables(`/${request.url.path.join('/')}`)
    if (status === 200 && path.startsWith('/v1/') && path !== '/v1/check') return
    const body = request.body === undefined ? {} : { body: withVariables(request.body.raw) }
    const send = () =>
      fetch(`${proxy.url}${path}`, {
        method: request.method,
        headers: {
          ...(request.auth === undefined && { authorization: `Bearer ${proxy.token}` }),
          ...('body' in body && { 'content-type': 'application/json' }),
        },
        ...body,
      })
    // The record of a decision is there a moment after its answer.
    const answer = await vi.waitFor(async () => {
      const given = await send()
      if (path.startsWith('/api/decisions/')) expect(given.status).toBe(status)
      return given
    }, 20_000)
    afterAnswer(answer)
    expect(answer.status).toBe(status)
  })
})
