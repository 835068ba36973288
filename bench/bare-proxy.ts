// The least that the carrying costs: @fastify/http-proxy and nothing else.
import httpProxy from '@fastify/http-proxy'
import Fastify from 'fastify'

const app = Fastify({ logger: false })
app.register(httpProxy, {
  upstream: process.env.UPSTREAM ?? '',
  disableRequestLogging: true,
  undici: { connections: 1024 },
})
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
console.log('listening')
