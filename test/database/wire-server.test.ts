import { once } from 'node:events'
import { connect } from 'node:net'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveWire } from '../../src/database/wire-server.ts'

const password = 'secret'
let db: PGlite
let server: Awaited<ReturnType<typeof serveWire>>
const open: pg.Client[] = []
const broken: unknown[] = []

beforeAll(async () => {
  db = await PGlite.create()
  server = await serveWire(db, {
    address: { host: '127.0.0.1', port: 0 },
    password,
    onBroken: error => broken.push(error),
    idleInTransactionMs: 300,
  })
  const client = await newClient()
  await client.query('CREATE TABLE item (id int PRIMARY KEY)')
})
afterAll(async () => {
  await Promise.all(open.map(client => client.end().catch(() => {})))
  await server.stop()
  await db.close()
  expect(broken).toEqual([])
})

async function newClient(given = password) {
  const client = new pg.Client({ connectionString: `postgres://postgres:${given}@127.0.0.1:${server.port}/postgres` })
  client.on('error', () => {})
  await client.connect()
  open.push(client)
  return client
}

const countOf = async (client: pg.Client, id: number) =>
  (await client.query('SELECT id FROM item WHERE id = $1', [id])).rows.length

test('clients that query at once each get their own answers and their own errors', async () => {
  const clients = await Promise.all(Array.from({ length: 5 }, () => newClient()))
  const results = await Promise.all(
    Array.from({ length: 400 }, async (_, i) => {
      const client = clients[i % clients.length]
      if (i % 3 === 0) return client?.query('SELECT 1 / ($1::int - $1::int)', [i]).catch(error => error.message)
      const { rows } = (await client?.query(`SELECT $1::int AS c${i % 7}`, [i])) ?? { rows: [] }
      return rows[0]
    }),
  )
  expect(results).toEqual(
    Array.from({ length: 400 }, (_, i) => (i % 3 === 0 ? 'division by zero' : { [`c${i % 7}`]: i })),
  )
})

test('a transaction has the session to itself until it ends', async () => {
  const [a, b] = [await newClient(), await newClient()]
  await a.query('BEGIN')
  await a.query('INSERT INTO item VALUES (1)')
  const seen = countOf(b, 1)
  await a.query('ROLLBACK')
  expect(await seen).toBe(0)
})

test('a client that is gone in mid-transaction leaves nothing behind', async () => {
  const [a, b] = [await newClient(), await newClient()]
  await a.query('BEGIN')
  await a.query('INSERT INTO item VALUES (2)')
  a.connection.stream.destroy()
  expect(await countOf(b, 2)).toBe(0)
  await b.query('INSERT INTO item VALUES (3)')
  expect(await countOf(await newClient(), 3)).toBe(1)
})

test('a client that is gone after half a batch holds nobody up', async () => {
  const a = await newClient()
  // Parse without Sync, then Flush: the batch stays open.
  const parse = Buffer.from('P\0\0\0\x10\0SELECT 1\0\0\0', 'latin1')
  a.connection.stream.write(Buffer.concat([parse, Buffer.from('H\0\0\0\x04', 'latin1')]))
  await expect.poll(() => a.connection.stream.writableLength).toBe(0)
  setTimeout(() => a.connection.stream.destroy(), 50)
  expect(await countOf(await newClient(), 99)).toBe(0)
})

test('a client that is idle in a transaction is cut off, and the others go on', async () => {
  const [a, b] = [await newClient(), await newClient()]
  const cut = once(a, 'error')
  await a.query('BEGIN')
  await a.query('INSERT INTO item VALUES (4)')
  expect(await countOf(b, 4)).toBe(0)
  expect((await cut)[0].code).toBe('25P03')
})

test('notifications reach the clients that listen, whoever causes them, and no others', async () => {
  const [a, b, c] = [await newClient(), await newClient(), await newClient()]
  const heard: string[] = []
  for (const [name, client] of Object.entries({ a, b, c })) {
    client.on('notification', ({ payload }) => heard.push(`${name} ${payload}`))
  }
  await a.query('LISTEN news')
  await b.query('LISTEN news')
  await c.query('BEGIN')
  await c.query(`SELECT pg_notify('news', 'late')`)
  expect(heard).toEqual([])
  await c.query('COMMIT')
  await expect.poll(() => heard.toSorted()).toEqual(['a late', 'b late'])
})

test('a wrong password is refused', async () => {
  await expect(newClient('wrong')).rejects.toThrow('password authentication failed')
  await expect(newClient(`${password}x`)).rejects.toThrow('password authentication failed')
})

test.each([
  ['HTTP', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ['a query before the password', '\0\0\0\x08\0\x03\0\0Q\0\0\0\x0dSELECT 1\0'],
  ['an impossible length', '\x7f\xff\xff\xff'],
  ['a length below its own size', '\0\0\0\0'],
])('%s is cut off without harm', async (_, bytes) => {
  const socket = connect(server.port ?? 0, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(Buffer.from(bytes, 'latin1'))
  socket.resume()
  await once(socket, 'close')
  expect(await countOf(await newClient(), 99)).toBe(0)
})
