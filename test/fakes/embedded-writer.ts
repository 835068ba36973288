// A process of its own for test/database/embedded.test.ts: opens the embedded database of argv[2] and writes rows one
// by one, printing each id once it is committed.
import pg from 'pg'
import { connectEmbedded } from '../../src/database/embedded.ts'

const { url } = await connectEmbedded({ dataDir: process.argv[2] ?? '' })
const client = new pg.Client({ connectionString: url })
await client.connect()
await client.query('CREATE TABLE IF NOT EXISTS item (id serial PRIMARY KEY)')
process.stdout.write('ready\n')
for (;;) {
  const { rows } = await client.query('INSERT INTO item DEFAULT VALUES RETURNING id')
  process.stdout.write(`${rows[0].id}\n`)
}
