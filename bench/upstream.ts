// A provider that answers at once, as fast as node:http can: what is measured is everything else.
import { createServer } from 'node:http'

const completion = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'gpt-4o-mini',
  choices: [{ index: 0, message: { role: 'assistant', content: 'word '.repeat(120) }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 240, completion_tokens: 120, total_tokens: 360, prompt_tokens_details: { cached_tokens: 0 } },
})
const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`
const delta = event({ id: 'chatcmpl-bench', choices: [{ index: 0, delta: { content: 'word ' }, finish_reason: null }] })
const usage = event({
  id: 'chatcmpl-bench',
  choices: [],
  usage: { prompt_tokens: 240, completion_tokens: 20, total_tokens: 260 },
})

const events = 20
const pauseMs = 5

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => {
    const body = Buffer.concat(chunks)
    if (!body.includes('"stream":true')) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': completion.length })
      response.end(completion)
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    let sent = 0
    const timer = setInterval(() => {
      response.write(delta)
      if (++sent < events) return
      clearInterval(timer)
      response.end(`${body.includes('include_usage') ? usage : ''}data: [DONE]\n\n`)
    }, pauseMs)
    response.write(delta)
  })
})
server.keepAliveTimeout = 60_000
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'))
