// The attack: calls that the judge and the provider would read differently, that exhaust the proxy, or that make it
// repeat what it was sent. Each is answered with one status and one code, in OpenAI's shape, and reaches no provider.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../fakes/database.ts'
import { startProxy } from '../fakes/proxy.ts'
import { rawRequest, sendRaw } from '../fakes/raw-http.ts'
import { startRecorder } from '../fakes/recorder.ts'

const marker = 'zq-marker-7f3a'
const token = 'TOKEN'
const auth = { authorization: `Bearer ${token}` }
const json = { ...auth, 'content-type': 'application/json' }
const chat = '/v1/chat/completions'
const good = `{"model":"gpt-4o","messages":[{"role":"user","content":"${marker}"}]}`
const nested = (depth: number) => `{"model":"gpt-4o","messages":${'['.repeat(depth)}"${marker}"${']'.repeat(depth)}}`
const multipart = (body: string, boundary = 'b') =>
  [{ ...auth, 'content-type': `multipart/form-data; boundary=${boundary}` }, body.replaceAll('\n', '\r\n')] as const
const field = (name: string, value: string) => `--b\nContent-Disposition: form-data; name="${name}"\n\n${value}\n`

type Row = [name: string, request: Buffer, status: number, code: string, param?: string | null]

const post = (path: string, headers: Record<string, string | string[]>, body: Buffer | string = '') =>
  rawRequest(`POST ${path}`, headers, body)
const sent = (body: Buffer | string) => post(chat, json, body)
const checked = (body: string) => post('/v1/check', json, body)

const rows: Row[] = [
  // Tokens
  ['no token', post(chat, { 'content-type': 'application/json' }, good), 401, 'invalid_api_key'],
  ['an empty token', post(chat, { ...json, authorization: 'Bearer ' }, good), 401, 'invalid_api_key'],
  [
    'a token of another scheme',
    post(chat, { ...json, authorization: `Basic ${marker}` }, good),
    401,
    'invalid_api_key',
  ],
  [
    'a token of another product',
    post(chat, { ...json, authorization: `Bearer sk-${marker}` }, good),
    401,
    'invalid_api_key',
  ],
  [
    'a token that is too long',
    post(chat, { ...json, authorization: `Bearer ${'a'.repeat(4000)}` }, good),
    401,
    'invalid_api_key',
  ],
  [
    'a token with an unknown id',
    post(chat, { ...json, authorization: `Bearer api_00000000-0000-4000-8000-000000000000.${'A'.repeat(43)}` }, good),
    401,
    'invalid_api_key',
  ],
  ['a token with a wrong secret', post(chat, { ...json, authorization: 'Bearer WRONG' }, good), 401, 'invalid_api_key'],
  ['a token in upper case', post(chat, { ...json, authorization: 'Bearer UPPER' }, good), 401, 'invalid_api_key'],
  ['two tokens that differ', post(chat, { ...json, 'x-api-key': marker }, good), 401, 'invalid_api_key'],
  [
    'a token in the query',
    post(`${chat}?api_key=${token}`, { 'content-type': 'application/json' }, good),
    401,
    'invalid_api_key',
  ],

  // JSON
  ['no body', post(chat, json), 400, 'missing_field', 'body'],
  ['an empty body', post(chat, { ...json, 'content-length': '0' }), 400, 'missing_field', 'body'],
  ['a body cut off', sent(`{"model":"gpt-4o","messages":[{"content":"${marker}`), 400, 'invalid_json'],
  ['a trailing comma', sent(`{"model":"gpt-4o","x":"${marker}",}`), 400, 'invalid_json'],
  ['single quotes', sent(`{'model':'${marker}'}`), 400, 'invalid_json'],
  ['a comment', sent(`{"model":"gpt-4o"/* ${marker} */}`), 400, 'invalid_json'],
  ['two documents', sent(`${good}${good}`), 400, 'invalid_json'],
  ['text after the document', sent(`${good} ${marker}`), 400, 'invalid_json'],
  ['a byte order mark', sent(`\uFEFF${good}`), 400, 'invalid_json'],
  ['a bare control character', sent(`{"model":"${marker}\u0001"}`), 400, 'invalid_json'],
  ['a bad escape', sent(`{"model":"${marker}\\x41"}`), 400, 'invalid_json'],
  ['NaN', sent(`{"model":"gpt-4o","temperature":NaN,"x":"${marker}"}`), 400, 'invalid_json'],
  ['a hexadecimal number', sent(`{"model":"gpt-4o","seed":0x10,"x":"${marker}"}`), 400, 'invalid_json'],
  ['a leading zero', sent('{"model":"gpt-4o","seed":007}'), 400, 'invalid_json'],
  ['a list', sent(`["${marker}"]`), 400, 'invalid_value'],
  ['a string', sent(`"${marker}"`), 400, 'invalid_value'],
  ['a number', sent('42'), 400, 'invalid_value'],
  ['null', sent('null'), 400, 'invalid_value'],
  ['a number past what a double holds', sent(`{"model":"gpt-4o","seed":1e400,"x":"${marker}"}`), 400, 'invalid_number'],
  ['an integer past what a double holds', sent(`{"model":"gpt-4o","seed":${'9'.repeat(400)}}`), 400, 'invalid_number'],
  ['nesting past the bound', sent(nested(100)), 400, 'nested_too_deep'],
  ['nesting that would exhaust the stack', sent(nested(90_000)), 400, 'nested_too_deep'],
  ['nesting of objects', sent(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`), 400, 'nested_too_deep'],
  [
    'bytes that are not UTF-8',
    sent(Buffer.concat([Buffer.from('{"model":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')])),
    400,
    'invalid_encoding',
  ],
  [
    'an overlong UTF-8 form',
    sent(Buffer.concat([Buffer.from('{"model":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')])),
    400,
    'invalid_encoding',
  ],
  [
    'a surrogate in UTF-8',
    sent(Buffer.concat([Buffer.from('{"model":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')])),
    400,
    'invalid_encoding',
  ],
  ['UTF-16', sent(Buffer.from(`${good}\u20ac`, 'utf16le')), 400, 'invalid_encoding'],

  // Fields
  ['a model that is a number', sent(`{"model":4,"messages":["${marker}"]}`), 400, 'invalid_value', 'model'],
  ['a model that is an object', sent(`{"model":{"toString":"${marker}"}}`), 400, 'invalid_value', 'model'],
  ['a model that is a list', sent(`{"model":["gpt-4o"],"x":"${marker}"}`), 400, 'invalid_value', 'model'],
  ['an empty model', sent('{"model":""}'), 400, 'invalid_value', 'model'],
  ['a model with spaces', sent(`{"model":"gpt ${marker}"}`), 400, 'invalid_value', 'model'],
  ['a model with a line break', sent(`{"model":"gpt\\n${marker}"}`), 400, 'invalid_value', 'model'],
  ['a model that is too long', sent(`{"model":"${'m'.repeat(257)}"}`), 400, 'invalid_value', 'model'],
  ['a model that nobody serves', sent(`{"model":"${marker}"}`), 404, 'model_not_found', 'model'],
  [
    'a model given twice, the last one unknown',
    sent(`{"model":"gpt-4o","model":"${marker}"}`),
    404,
    'model_not_found',
    'model',
  ],
  [
    'a stream that is a string',
    sent(`{"model":"gpt-4o","stream":"true","x":"${marker}"}`),
    400,
    'invalid_value',
    'stream',
  ],
  ['a stream that is a number', sent('{"model":"gpt-4o","stream":1}'), 400, 'invalid_value', 'stream'],
  ...[
    ['model', '"Model":"m"'],
    ['stream', '"\u017ftream":true'],
    ['max_tokens', '"max_to\u212aens":1'],
    ['image_url', '"messages":[{"role":"user","content":[{"type":"image_url","Image_URL":"https://x.example"}]}]'],
    ['name', '"tools":[{"type":"function","function":{"name":"a","NAME":"b"}}]'],
  ].map(
    ([name = '', member]): Row => [
      `the field ${name} in another case, which some providers take for it`,
      sent(`{"model":"gpt-4o",${member}}`),
      400,
      'invalid_value',
      name,
    ],
  ),
  [
    'a number of tokens that is a string',
    sent('{"model":"gpt-4o","max_tokens":"100000"}'),
    400,
    'invalid_value',
    'max_tokens',
  ],
  [
    'a number of tokens that no integer holds',
    sent('{"model":"gpt-4o","max_completion_tokens":99999999999999999999}'),
    400,
    'invalid_value',
    'max_completion_tokens',
  ],
  [
    'a number of tokens with a fraction',
    sent('{"model":"gpt-4o","max_output_tokens":1.5}'),
    400,
    'invalid_value',
    'max_output_tokens',
  ],
  [
    'a provider that is not configured',
    post(chat, { ...json, 'x-governance-provider': marker }, good),
    400,
    'invalid_value',
    'x-governance-provider',
  ],

  // Content types and encodings
  ['no content type', post(chat, auth, good), 415, 'unsupported_media_type'],
  ['plain text', post(chat, { ...auth, 'content-type': 'text/plain' }, good), 415, 'unsupported_media_type'],
  [
    'a form',
    post(chat, { ...auth, 'content-type': 'application/x-www-form-urlencoded' }, `model=${marker}`),
    415,
    'unsupported_media_type',
  ],
  [
    'multipart where JSON is meant',
    post(chat, ...multipart(`${field('model', 'gpt-4o')}--b--\n`)),
    415,
    'unsupported_media_type',
  ],
  [
    'a content type that is not one',
    post(chat, { ...auth, 'content-type': `///${marker}` }, good),
    415,
    'unsupported_media_type',
  ],
  [
    'a gzip body',
    post(chat, { ...json, 'content-encoding': 'gzip' }, good),
    415,
    'unsupported_encoding',
    'content-encoding',
  ],
  [
    'a br body',
    post(chat, { ...json, 'content-encoding': 'br' }, good),
    415,
    'unsupported_encoding',
    'content-encoding',
  ],
  [
    'two encodings',
    post(chat, { ...json, 'content-encoding': 'identity, gzip' }, good),
    415,
    'unsupported_encoding',
    'content-encoding',
  ],

  // Multipart
  [
    'multipart without a boundary',
    post('/v1/audio/transcriptions', { ...auth, 'content-type': 'multipart/form-data' }, marker),
    400,
    'invalid_multipart',
  ],
  [
    'multipart cut off',
    post(
      '/v1/audio/transcriptions',
      ...multipart(
        `${field('model', 'whisper-1')}--b\nContent-Disposition: form-data; name="file"; filename="${marker}"\n\nabc`,
      ),
    ),
    400,
    'invalid_multipart',
  ],
  [
    'multipart with the model given twice',
    post('/v1/audio/transcriptions', ...multipart(`${field('model', 'whisper-1')}${field('model', marker)}--b--\n`)),
    400,
    'duplicate_key',
    'model',
  ],
  [
    'multipart with a stream that some take for true',
    post('/v1/audio/transcriptions', ...multipart(`${field('model', 'whisper-1')}${field('stream', 'True')}--b--\n`)),
    400,
    'invalid_value',
    'stream',
  ],
  [
    'multipart with a bad model',
    post('/v1/audio/transcriptions', ...multipart(`${field('model', `a ${marker}`)}--b--\n`)),
    400,
    'invalid_value',
    'model',
  ],
  [
    'multipart with a field without a name',
    post(
      '/v1/audio/transcriptions',
      ...multipart(`${field('model', 'whisper-1')}--b\nContent-Disposition: form-data\n\n${marker}\n--b--\n`),
    ),
    400,
    'invalid_multipart',
  ],
  [
    'multipart with a file without a name',
    post(
      '/v1/audio/transcriptions',
      ...multipart(
        `${field('model', 'whisper-1')}--b\nContent-Disposition: form-data; filename="a"\n\n${marker}\n--b--\n`,
      ),
    ),
    400,
    'invalid_multipart',
  ],
  [
    'multipart with a file of an empty name, which some take for a field',
    post(
      '/v1/images/edits',
      ...multipart(
        `${field('model', 'gpt-image-1')}--b\nContent-Disposition: form-data; name="prompt"; filename=""\n\n${marker}\n--b--\n`,
      ),
    ),
    400,
    'invalid_multipart',
  ],
  [
    'multipart with a file named as a folder is',
    post(
      '/v1/images/edits',
      ...multipart(
        `${field('model', 'gpt-image-1')}--b\nContent-Disposition: form-data; name="prompt"; filename="a/"\n\n${marker}\n--b--\n`,
      ),
    ),
    400,
    'invalid_multipart',
  ],
  [
    'multipart with the model as a file',
    post(
      '/v1/images/edits',
      ...multipart(`--b\nContent-Disposition: form-data; name="model"; filename="a"\n\n${marker}\n--b--\n`),
    ),
    400,
    'invalid_value',
    'model',
  ],
  [
    'multipart with bytes that are not said to be a file',
    post(
      '/v1/audio/transcriptions',
      ...multipart(
        `${field('model', 'whisper-1')}--b\nContent-Disposition: form-data; name="prompt"\nContent-Type: application/octet-stream\n\n${marker}\n--b--\n`,
      ),
    ),
    400,
    'invalid_multipart',
  ],

  // Sizes
  ['a body past the limit', sent(`{"model":"gpt-4o","x":"${marker.repeat(20_000)}"}`), 413, 'body_too_large'],
  [
    'a body that says it is past the limit',
    post(chat, { ...json, 'content-length': '999999999' }, marker),
    413,
    'body_too_large',
  ],
  [
    'a chunked body past the limit',
    post(chat, { ...json, 'transfer-encoding': 'chunked' }, `40000\r\n${'a'.repeat(0x40000)}\r\n0\r\n\r\n`),
    413,
    'body_too_large',
  ],
  ['headers past the limit', post(chat, { ...json, 'x-long': marker.repeat(2000) }, good), 431, 'headers_too_large'],
  [
    'a content length that is not a number',
    post(chat, { ...json, 'content-length': marker }, good),
    400,
    'invalid_request',
  ],
  [
    'no host',
    Buffer.from(`GET /v1/models HTTP/1.1\r\nauthorization: Bearer ${token}\r\n\r\n`),
    400,
    'invalid_request',
    'host',
  ],
  ['two content lengths', post(chat, { ...json, 'content-length': ['5', '6'] }, good), 400, 'invalid_request'],
  [
    'a length and chunks, as in request smuggling',
    post(chat, { ...json, 'content-length': '5', 'transfer-encoding': 'chunked' }, good),
    400,
    'invalid_request',
  ],
  [
    'a header with a bare line feed',
    Buffer.from(`POST ${chat} HTTP/1.1\r\nhost: p\r\nx-a: b\nx-c\r\n\r\n`),
    400,
    'invalid_request',
  ],
  ['not HTTP', Buffer.from(`${marker}\r\n\r\n`), 400, 'invalid_request'],
  ['an expectation that is not known', post(chat, { ...json, expect: marker }, good), 417, 'expectation_failed'],

  // Paths
  ['an unknown path', rawRequest('GET /v1/nothing', auth), 404, 'not_found'],
  [
    'an unknown path with a body that is no JSON',
    post('/nothing', { 'content-type': 'application/json' }, '{'),
    404,
    'not_found',
  ],
  [
    'an unknown path, whose body is not waited for',
    rawRequest('POST /v1/nothing', { 'content-type': 'application/json', 'content-length': '1000000' }, '{'),
    404,
    'not_found',
  ],
  ['another method', rawRequest(`PUT ${chat}`, json, good), 404, 'not_found'],
  ['a path in upper case', post('/V1/chat/completions', json, good), 404, 'not_found'],
  ['a trailing slash', post(`${chat}/`, json, good), 400, 'invalid_value', 'completion_id'],
  ['doubled slashes', post('/v1//chat/completions', json, good), 404, 'not_found'],
  ['dot segments', rawRequest('GET /v1/files/../models', auth), 404, 'not_found'],
  ['dot segments in escapes', rawRequest('GET /v1/files/%2e%2e', auth), 400, 'invalid_value', 'file_id'],
  ['a slash in escapes', rawRequest('GET /v1/files/a%2F..%2Fb', auth), 400, 'invalid_value', 'file_id'],
  ['a null byte in escapes', rawRequest('GET /v1/files/a%00', auth), 400, 'invalid_value', 'file_id'],
  ['a bad escape in the path', rawRequest('GET /v1/files/%zz', auth), 404, 'not_found'],
  ['a backslash', rawRequest('GET /v1/files/a\\b', auth), 400, 'invalid_request', 'path'],
  ['a fragment', rawRequest('GET /v1/models#x', auth), 400, 'invalid_request', 'path'],
  ['an absolute address', rawRequest('GET http://elsewhere.example/v1/models', auth), 400, 'invalid_request', 'path'],
  ['a path parameter that is too long', rawRequest(`GET /v1/files/${'a'.repeat(600)}`, auth), 414, 'uri_too_long'],
  [
    'a WebSocket where none is',
    rawRequest('GET /v1/models', { ...auth, connection: 'Upgrade', upgrade: 'websocket' }),
    400,
    'invalid_request',
    'upgrade',
  ],
  ['no WebSocket where one is', rawRequest('GET /v1/realtime', auth), 400, 'invalid_request', 'upgrade'],

  // Pre-flight
  ['a check without a body', post('/v1/check', json), 400, 'missing_field'],
  ['a check that is a list', checked('[]'), 400, 'invalid_value'],
  ['a check without a model', checked('{"operation":"classify","metadata":{}}'), 400, 'missing_field', 'model'],
  ['a check without an operation', checked('{"model":"gpt-4"}'), 400, 'missing_field', 'operation'],
  [
    'a check with an unknown field',
    checked(`{"model":"gpt-4","operation":"classify","personal":"${marker}"}`),
    400,
    'invalid_value',
    'personal',
  ],
  [
    'a check whose flag is a string',
    checked('{"model":"gpt-4","operation":"classify","metadata":{"contains_personal_data":"false"}}'),
    400,
    'invalid_value',
    'metadata.contains_personal_data',
  ],
  [
    'a check with a sentence as operation',
    checked(`{"model":"gpt-4","operation":"summarise ${marker}"}`),
    400,
    'invalid_value',
    'operation',
  ],
  [
    'content in a check',
    checked(`{"model":"gpt-4","operation":"classify","prompt":"${marker}"}`),
    400,
    'content_field',
    'prompt',
  ],
  [
    'content in a check, deep and in capitals',
    checked(`{"model":"gpt-4","operation":"classify","metadata":{"a":[{"MESSAGES":"${marker}"}]}}`),
    400,
    'content_field',
    'metadata.a[0].MESSAGES',
  ],
  [
    'content under a key that is content',
    checked(`{"model":"gpt-4","operation":"classify","metadata":{"${marker} is my secret":{"text":1}}}`),
    400,
    'content_field',
    'metadata.*.text',
  ],
  ['broken JSON in a check', checked(`{"model":"${marker}`), 400, 'invalid_json'],
]

let database: Awaited<ReturnType<typeof testDatabase>>
let upstream: Awaited<ReturnType<typeof startRecorder>>
let proxy: Awaited<ReturnType<typeof startProxy>>

beforeAll(async () => {
  database = await testDatabase()
  upstream = await startRecorder()
  proxy = await startProxy({
    database,
    env: { OPENAI_BASE_URL: upstream.url, BODY_LIMIT_BYTES: String(marker.length * 15_000) },
    policies: { rate_limit: { requests: 100_000 }, allowed_operations: { operations: ['*'] } },
  })
})
afterAll(async () => {
  await proxy.stop()
  await upstream.stop()
  await database.close()
})

/** Puts the customer's key, a wrong one, or one in another spelling where a row stands for it. */
function withToken(request: Buffer): Buffer {
  const wrong = proxy.token.slice(0, -4) + (proxy.token.endsWith('AAAA') ? 'BBBA' : 'AAAA')
  return Buffer.from(
    request
      .toString('latin1')
      .replaceAll(token, proxy.token)
      .replace('WRONG', wrong)
      .replace('UPPER', proxy.token.toUpperCase()),
    'latin1',
  )
}

test('the table has at least sixty rows', () => {
  expect(rows.length).toBeGreaterThanOrEqual(60)
})

test.each(rows)('%s', async (_name, request, status, code, param) => {
  const answer = await sendRaw(proxy.url, withToken(request))
  expect(answer).not.toBeNull()
  const { error } = JSON.parse(answer?.body ?? '')
  expect({ status: answer?.status, code: error.code }).toEqual({ status, code })
  expect(error).toMatchObject({ message: expect.any(String), type: expect.any(String) })
  if (param !== undefined) expect(error.param).toBe(param)
  expect(answer?.body).not.toContain(marker)
  expect(upstream.requests).toEqual([])
})

test('the log repeats nothing of it', () => {
  expect(proxy.lines.length).toBeGreaterThan(0)
  expect(proxy.lines.join('')).not.toContain(marker)
  expect(proxy.lines.join('')).not.toContain(proxy.token)
})
