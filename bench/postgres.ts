import { readFileSync } from 'node:fs'
import { openPool } from '../src/database/pool.ts'
import { pinned, setCores } from './child.ts'

/**
 * Keeps a PostgreSQL of this machine off the core of what is measured, if this process may: its work is then not taken
 * for the proxy's. Resolves to what undoes it.
 */
export async function keepAway(databaseUrl: string): Promise<() => void> {
  if (!pinned) return () => {}
  const pool = openPool(databaseUrl, 1)
  const { rows } = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const server = rows.map(({ pid }) => parentOf(pid)).find(parent => parent !== null)
  await pool.end()
  if (server === undefined) return () => {}
  const move = (to: 'rest' | 'all') => {
    for (const pid of [server, ...childrenOf(server)]) {
      try {
        setCores(pid, to)
      } catch {
        // It may have ended since, or be another user's.
        process.stderr.write(`Process ${pid} of PostgreSQL stays where it is\n`)
      }
    }
  }
  move('rest')
  return () => move('all')
}

function childrenOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
  } catch {
    return []
  }
}

/**
 * The process that started a server process; null where it is another machine's. Fields 2 and 4 of proc(5)'s `stat`.
 */
function parentOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.includes('(postgres)') ? (stat.split(') ')[1]?.split(' ')[1] ?? null) : null
  } catch {
    return null
  }
}
