// The ways in that no schema tells of: headers, addresses, what does not parse, providers that fail, sockets, and the
// proxy's own routes.
import { WebSocket } from 'ws'
import { rawRequest, sendRaw } from '../../fakes/raw-http.ts'
import type { Markers } from './markers.ts'

export type Target = { url: string; token: string; simulating: string; markers: Markers }

/** Names that are kept on purpose: where each may be found is in `kept.ts`. */
export const keptNames = {
  model: 'a model',
  providerModel: 'a model with its provider',
  queryModel: 'a model in the query',
  pathModel: 'a model in the path',
  tool: 'a tool',
  header: 'a declared header',
  metadata: 'declared metadata',
  checkedModel: 'a checked model',
  checkedOperation: 'a checked operation',
  checkedMetadata: 'checked metadata',
} as const

const behaviours = ['error', 'refuse', 'redirect', 'garbage', 'status', 'cut', 'broken-stream', 'odd-stream']

export async function sendByHand(target: Target): Promise<void> {
  await sendHeaders(target)
  await sendAddresses(target)
  await sendForms(target)
  await sendUnreadable(target)
  await askProxy(target)
  await sendNames(target)
  await askFailing(target)
  await leave(target)
}

type Sent = { path: string; method?: string; body?: unknown; headers?: Record<string, string>; token?: string }

async function send({ url, token }: Target, { path, method = 'POST', body, headers, token: other }: Sent) {
  const encoded = body instanceof FormData || typeof body === 'string' ? body : body && JSON.stringify(body)
  const json = body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${other ?? token}`, ...json, ...headers },
    ...(encoded !== undefined && { body: encoded as string | FormData }),
    signal: AbortSignal.timeout(20_000),
    redirect: 'manual',
  }).catch(() => null)
  await response?.arrayBuffer().catch(() => {})
}

const chat = { model: 'gpt-4o', messages: [] }
const chats = '/v1/chat/completions'
const words = (text: string) => encodeURIComponent(text)

/** Those that pass upstream, those that do not, and those that the proxy reads. */
const headers = [
  ...['accept', 'idempotency-key', 'openai-beta', 'user-agent', 'x-client-request-id', 'content-language'],
  ...['cookie', 'referer', 'origin', 'x-request-id', 'request-id', 'traceparent', 'tracestate', 'baggage', 'forwarded'],
  ...['x-forwarded-for', 'x-forwarded-host', 'sentry-trace', 'openai-organization', 'openai-project', 'x-api-key'],
  ...[
    'x-custom',
    'x-stainless-lang',
    'range',
    'if-none-match',
    'accept-language',
    'from',
    'via',
    'x-governance-unknown',
  ],
  ...['x-governance-provider', 'x-governance-intent', 'x-governance-user', 'x-governance-is-external-model'],
  ...['content-encoding', 'content-type'],
]

async function sendHeaders(target: Target): Promise<void> {
  for (const name of headers) {
    const value = target.markers.content(`header ${name}`)
    await send(target, { path: chats, body: chat, headers: { [name]: value } })
  }
  for (const way of ['Basic', 'Bearer']) {
    const authorization = `${way} ${target.markers.content(`authorization ${way}`)}`
    await send(target, { path: chats, body: chat, headers: { authorization } })
  }
  const secret = target.markers.name('secret of a key').padEnd(43, 'A')
  await send(target, { path: chats, body: chat, token: `${target.token.slice(0, 41)}${secret}` })
  await send(target, { path: '/api/evaluate', token: target.markers.content('evaluated token') })
}

async function sendAddresses(target: Target): Promise<void> {
  const { content } = target.markers
  await send(target, { path: `${chats}?q=${words(content('query'))}`, body: chat })
  await send(target, { path: `${chats}?${words(content('query name'))}=1`, body: chat })
  for (const [way, path] of [
    ['path parameter', '/v1/files/'],
    ['model in the path', '/v1/models/'],
    ['unknown path', '/v1/'],
    ['path outside', '/'],
    ['decision id', '/api/decisions/'],
    ['list query', '/v1/files?after='],
    ['documentation', '/docs/static/'],
  ] as const) {
    await send(target, { path: `${path}${words(content(way))}`, method: 'GET' })
  }
  await sendRaw(target.url, rawRequest(`POST ${chats}?${content('raw query').replaceAll(' ', '+')}`, {}, '{}'))
  await sendRaw(target.url, rawRequest(`${content('method').replaceAll(' ', '')} /`, {}))
}

async function sendForms(target: Target): Promise<void> {
  const { content } = target.markers
  const file = (way: string) => new File([content(`${way}: bytes`)], content(`${way}: name`), { type: 'text/plain' })
  for (const path of ['/v1/audio/transcriptions', '/v1/images/edits', '/v1/files', '/v1/videos', '/v1/skills']) {
    const form = new FormData()
    form.append('model', 'gpt-4o')
    form.append('prompt', content(`form ${path}: field`))
    form.append(content(`form ${path}: part's name`), 'x')
    form.append('file', file(`form ${path}: file`))
    form.append(content(`form ${path}: file part's name`), new File(['x'], 'x.wav'))
    await send(target, { path, body: form })
  }
  const part = (headers: string, body: string) => `--b\r\n${headers}\r\n\r\n${body}\r\n`
  const disposition = 'content-disposition: form-data; name="model"'
  for (const body of [
    part(`${disposition}\r\ncontent-type: ${content('part type')}`, 'gpt-4o'),
    part(`${disposition}\r\nx-header: ${content('part header')}`, 'gpt-4o'),
    part(`content-disposition: ${content('part disposition')}`, 'x'),
    part('content-disposition: form-data; name="file"; filename="x"', content('cut part')),
    content('no part'),
  ]) {
    const headers = { authorization: `Bearer ${target.token}`, 'content-type': 'multipart/form-data; boundary=b' }
    await sendRaw(target.url, rawRequest('POST /v1/audio/transcriptions', headers, `${body}--b--\r\n`))
  }
}

async function sendUnreadable(target: Target): Promise<void> {
  const { content } = target.markers
  const raw = (body: string | Buffer, more: Record<string, string> = {}, line = `POST ${chats}`) =>
    sendRaw(
      target.url,
      rawRequest(line, { authorization: `Bearer ${target.token}`, 'content-type': 'application/json', ...more }, body),
      3000,
    ).catch(() => null)
  await raw(`{"model":"${content('cut JSON')}`)
  await raw(`{"model":"gpt-4o","x":"${content('bad number')}","n":1e999}`)
  await raw(`{"x":"${content('escape')} \\x"}`)
  await raw(`["${content('a list')}"]`)
  await raw(`"${content('a text')}"`)
  await raw(`${'['.repeat(100)}"${content('deep')}"${']'.repeat(100)}`)
  await raw(Buffer.concat([Buffer.from(`{"x":"${content('bad UTF-8')}`), Buffer.from([0xff, 0xc0]), Buffer.from('"}')]))
  await raw(Buffer.from(`{"x":"${content('UTF-16')}"}`, 'utf16le'))
  await raw(content('plain text'), { 'content-type': 'text/plain' })
  await raw(content('compressed'), { 'content-encoding': 'gzip' })
  await raw(`5\r\n${content('bad chunk')}\r\n0\r\n\r\n`, { 'transfer-encoding': 'chunked' })
  await raw(`${content('bad chunk size')}\r\n`, { 'transfer-encoding': 'chunked' })
  await raw(`{"x":"${content('body too short')}"}`, { 'content-length': '100000', connection: 'close' })
  await raw('{}', { 'x-big': content('big header').repeat(1000) })
  await raw('{}', { 'transfer-encoding': content('transfer encoding') })
  await raw('{}', { expect: content('expectation') })
  await raw('{}', { 'content-length': content('content length') })
  await raw('{}', { [content('header name').replaceAll(' ', '-')]: '1' })
  await raw('{}', { [content('bad header name')]: '1' })
  await raw(`{"model":"gpt-4o","messages":[{"content":"${content('long text')} ${'and so on '.repeat(5000)}"}]}`)
  await sendRaw(target.url, `${content('not HTTP')}\r\n\r\n`)
  await send(target, {
    path: chats,
    body: { model: 'gpt-4o', messages: content('messages'), stream: content('stream') },
  })
}

async function askProxy(target: Target): Promise<void> {
  const { content } = target.markers
  const question = { model: 'gpt-4o', operation: 'classify' }
  for (const body of [
    { ...question, metadata: { prompt: content('check: content field') } },
    { ...question, metadata: { intent: content('check: intent'), free: content('check: other metadata') } },
    { ...question, metadata: { [content('check: metadata key')]: 1 } },
    { ...question, metadata: content('check: metadata') },
    { ...question, operation: content('check: operation') },
    { ...question, model: content('check: model') },
    { ...question, [content('check: field')]: 1 },
    `{"model":"${content('check: cut JSON')}`,
  ]) {
    await send(target, { path: '/v1/check', body })
  }
  for (const body of [
    { input: `${content('inspect: text')} alice@example.com` },
    { input: [`${content('inspect: long text')} `.repeat(2000)] },
    { input: { [content('inspect: key')]: content('inspect: value') } },
    { [content('inspect: field')]: 1 },
    `{"input":"${content('inspect: cut JSON')}`,
  ]) {
    await send(target, { path: '/api/inspect', body })
  }
  const facts = {
    operation: content('simulate: operation'),
    model: content('simulate: model'),
    custom: { [content('simulate: finding')]: 1 },
    tools: { names: [content('simulate: tool')] },
    declared: { intent: content('simulate: intent'), [content('simulate: declared key')]: 'x' },
    caller: { key_name: content('simulate: key name'), customer_email: content('simulate: address') },
  }
  const { name } = target.markers
  const named = {
    operation: name('simulated operation'),
    model: name('simulated model'),
    tools: { names: [name('simulated tool')] },
  }
  for (const body of [
    { facts },
    { facts: named },
    { facts, [content('simulate: field')]: 1 },
    { facts: { external: content('simulate: wrong type') } },
    { facts: { [content('simulate: fact')]: 1 } },
    `{"facts":"${content('simulate: cut JSON')}`,
  ]) {
    await send(target, { path: '/api/policies/simulate', body, token: target.simulating })
  }
  await send(target, { path: '/api/evaluate', body: { [content('evaluate: field')]: content('evaluate: value') } })
}

/** Names where they are kept, and content where names stand. */
async function sendNames(target: Target): Promise<void> {
  const { content, name } = target.markers
  const kept = keptNames
  await send(target, { path: chats, body: { ...chat, model: name(kept.model) } })
  await send(target, { path: chats, body: { ...chat, model: `openai/${name(kept.providerModel)}` } })
  const nobody = { 'x-governance-provider': 'nobody' }
  await send(target, { path: chats, body: { ...chat, model: name('a model of nobody') }, headers: nobody })
  await send(target, { path: chats, body: { ...chat, model: `openai/${content('content after a provider')}` } })
  await send(target, { path: `/v1/models/${name(kept.pathModel)}`, method: 'GET' })
  const tools = (given: string) => [{ type: 'function', function: { name: given, parameters: { [given]: {} } } }]
  await send(target, { path: chats, body: { ...chat, tools: tools(name(kept.tool)) } })
  await send(target, { path: chats, body: { ...chat, tools: tools(content('content as a tool')) } })
  await send(target, {
    path: chats,
    body: { ...chat, metadata: { team: name(kept.metadata), intent: content('content as an intent') } },
  })
  await send(target, { path: chats, body: chat, headers: { 'x-governance-intent': name(kept.header) } })
  await send(target, {
    path: '/v1/check',
    body: {
      model: name(kept.checkedModel),
      operation: name(kept.checkedOperation),
      metadata: { intent: name(kept.checkedMetadata), other: name('checked metadata under another key') },
    },
  })
}

async function askFailing(target: Target): Promise<void> {
  for (const way of behaviours) {
    const { content } = target.markers
    const body = { ...chat, stream: way.endsWith('stream'), input: content(`body of ${way}`) }
    await send(target, { path: `${chats}?do=${way}`, body })
    await send(target, { path: `/v1/files?do=${way}&after=${words(content(`query of ${way}`))}`, method: 'GET' })
  }
  await send(target, { path: '/v1/models', method: 'GET' })
}

/** A client that leaves in the middle of a stream, or of its own body, and sockets. */
async function leave(target: Target): Promise<void> {
  const { url, token, markers } = target
  const leaving = new AbortController()
  const left = await fetch(`${url}${chats}?do=endless-stream`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...chat, stream: true, user: markers.content('aborted call') }),
    signal: leaving.signal,
  })
  await left.body?.getReader().read()
  leaving.abort()
  for (const [path, way] of [
    ['/v1/realtime?model=gpt-realtime', 'realtime'],
    [`/v1/realtime?model=${markers.name(keptNames.queryModel)}`, 'named realtime'],
    ['/v1/responses?x=1', 'responses'],
  ] as const) {
    await talk(`${url.replace('http', 'ws')}${path}&q=${words(markers.content(`${way} query`))}`, target, way)
  }
}

/** A session in which both sides speak. */
async function talk(address: string, { token, markers }: Target, way: string): Promise<void> {
  const protocols = ['realtime', `openai-insecure-api-key.${token}`, markers.name(`${way} subprotocol`)]
  const socket = new WebSocket(address, protocols, { handshakeTimeout: 10_000 })
  const over = new Promise<void>(resolve => {
    socket.once('close', () => resolve())
    socket.once('error', () => resolve())
  })
  socket.once('open', () => {
    socket.send(JSON.stringify({ type: 'session.update', text: markers.content(`${way} message`) }))
    socket.send(Buffer.from(markers.content(`${way} bytes`)))
  })
  socket.once('message', () => socket.close(1000, markers.content(`${way} close reason`)))
  await over
}
