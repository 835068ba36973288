import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import {
  bindMigrationAwareSqlAdapterFactory,
  type ColumnType,
  ColumnTypeEnum,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
} from '@prisma/driver-adapter-utils'
import * as engine from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg from 'pg'
import { prismaDir } from './migrations.ts'

export type OpenSchemaEngine = Awaited<ReturnType<typeof openSchemaEngine>>

/**
 * Prisma's own migration engine as WebAssembly: no binary, so nothing to download.
 * `failure()` is what PostgreSQL said to the last script that failed.
 */
export async function openSchemaEngine(url: string) {
  await instantiateOnce()
  const schema = { path: 'schema.prisma', content: await readFile(`${prismaDir}/schema.prisma`, 'utf8') }
  const pool = acceptInternalChar(new pg.Pool({ connectionString: url, max: 1 }))
  // Connections that are lost while idle; the next query reports it.
  pool.on('error', () => {})
  const { adapter, failure } = wholeScripts(new PrismaPg(pool))
  const instance = await engine.SchemaEngine.new(
    { datamodels: [[schema.path, schema.content]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(adapter),
  )
  return {
    instance,
    schema,
    failure,
    async close() {
      instance.free()
      await pool.end()
    },
  }
}

/**
 * The adapter cuts a script at every semicolon, also inside a function's body.
 * Sent whole, PostgreSQL parses it and runs it as one transaction: all of a migration or none of it.
 */
function wholeScripts(factory: PrismaPg) {
  let failed: unknown
  const adapter: SqlMigrationAwareDriverAdapterFactory = {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connectToShadowDb: () => factory.connectToShadowDb(),
    async connect() {
      const connection = await factory.connect()
      const pool = connection.underlyingDriver()
      const queryRaw = connection.queryRaw.bind(connection)
      return Object.assign(connection, {
        async executeScript(script: string) {
          try {
            await pool.query(script)
          } catch (error) {
            failed = error
            throw error
          }
        },
        async queryRaw(query: SqlQuery) {
          const result = await queryRaw(query)
          return { ...result, columnTypes: result.columnTypes.map(charOfArray) }
        },
      })
    },
  }
  return { adapter, failure: () => failed }
}

/**
 * The adapter refuses `"char"` (type 18), which PostgreSQL's catalogue uses and `.diff` reads, but knows its array
 * (type 1002): the column passes as the array and `charOfArray` gives it its name back.
 */
function acceptInternalChar(pool: pg.Pool) {
  const query = pool.query.bind(pool)
  return Object.assign(pool, {
    async query(config: pg.QueryArrayConfig) {
      const result = await query(config)
      for (const field of result.fields ?? []) if (field.dataTypeID === 18) field.dataTypeID = 1002
      return result
    },
  })
}

const charOfArray = (type: ColumnType) => (type === ColumnTypeEnum.CharacterArray ? ColumnTypeEnum.Character : type)

// Node's own types leave WebAssembly to the DOM's.
declare const WebAssembly: {
  instantiate(wasm: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>
}

let instantiated: Promise<void> | undefined

/**
 * The engine's JavaScript imports its `.wasm` as a module, which Node runs behind a warning or not at all.
 * It keeps views of one instance's memory, so a process can have only one.
 */
function instantiateOnce() {
  instantiated ??= (async () => {
    const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'))
    const wasm = await readFile(`${folder}/schema_engine_bg.wasm`)
    const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': importsOfEngine() })
    engine.__wbg_set_wasm(instance.exports)
    const { __wbindgen_start: start } = instance.exports
    if (typeof start === 'function') start()
  })()
  return instantiated
}

/** The engine limits its own wait for a lock to ten seconds, and leaves that timer running when it is done. */
function importsOfEngine() {
  const entries = Object.entries(engine).map(([name, value]) =>
    name.startsWith('__wbg_setTimeout_') ? [name, unrefTimeout] : [name, value],
  )
  return Object.fromEntries(entries)
}

const unrefTimeout = (callback: () => void, milliseconds: number) => setTimeout(callback, milliseconds >>> 0).unref()
