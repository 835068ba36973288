// Loaded into the proxy before it starts. Writes what is planted in its output, and ends it by an exception that quotes
// the call under way, as a fault in a library could.
import { subscribe } from 'node:diagnostics_channel'

process.stderr.write(`${process.env.PLANTED}\n`)

type Message = { request: { path: string; body: unknown } }

subscribe('undici:request:create', message => {
  const { path, body } = (message as Message).request
  if (!path.includes('do=crash')) return
  const quoted = new SyntaxError(`Unexpected token in ${body}`)
  throw Object.assign(new TypeError(`Could not send ${path}: ${body}`, { cause: quoted }), { input: body })
})
