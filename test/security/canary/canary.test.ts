// The promise: content lives in memory, for the length of its call. A marker of its own goes in by every way there is,
// and then every sink is searched for all of them: as they are, encoded, and as digests.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgresPrograms } from '../../fakes/postgres.ts'
import { redisUrl } from '../../fakes/servers.ts'
import { startInstallation } from './installation.ts'
import { isKept, isRecord } from './kept.ts'
import { createMarkers, createSearch, type Found } from './markers.ts'
import type { Sinks } from './sinks.ts'
import { places, sweep } from './sweep.ts'
import { keptNames, sendByHand } from './ways.ts'

const fields = places()
/**
 * Facts are made in one way, whatever the database: where the suites run on PostgreSQL the sweep is whole, else a
 * sample.
 */
const programs = postgresPrograms()
const databases = [
  programs === null
    ? { name: 'the embedded database', programs, swept: 20 }
    : { name: 'PostgreSQL', programs, swept: 1 },
]

test('the schemas of the API are read whole', () => {
  const operations = Map.groupBy(fields, ({ operation }) => operation.name)
  expect(operations.size).toBeGreaterThan(90)
  expect(fields.length).toBeGreaterThan(3000)
  const paths = fields.map(({ operation, field }) => `${operation.name} ${field.path}`)
  for (const path of [
    'chat.completions.create .messages[].content[].text',
    'chat.completions.create .messages[].tool_calls[].function.arguments',
    'chat.completions.create .response_format.json_schema.schema.{}',
    'chat.completions.create .metadata.{}',
    'chat.completions.create .prompt_cache_key',
    'completions.create .suffix',
    'responses.create .input[].output',
    'embeddings.create .input[]',
    'images.edit .image[](name)',
    'audio.transcriptions.create .file(bytes)',
    'files.list .after',
  ]) {
    expect(paths).toContain(path)
  }
})

describe.each(databases)('after markers went in by every way, with $name', ({ programs, swept }) => {
  const chosen = fields.filter((_, index) => index % swept === 0)
  const markers = createMarkers()
  let installation: Awaited<ReturnType<typeof startInstallation>>
  let statuses: Map<number, number>
  let sinks: Sinks
  let found: (Found & { sink: string })[]

  beforeAll(async () => {
    installation = await startInstallation({ programs, redisUrl, markers })
    const { url, token, simulating } = installation
    statuses = await sweep(chosen, { url, token, text: (way, kind) => markers[kind](way) })
    await sendByHand({ url, token, simulating, markers })
    sinks = await installation.end()
    const search = createSearch(markers.all())
    found = [...sinks].flatMap(([sink, bytes]) => search(bytes).map(one => ({ ...one, sink })))
  }, 600_000)

  afterAll(() => installation.stop())

  test('the calls went through, and were recorded', () => {
    const all = [...statuses.values()].reduce((sum, count) => sum + count, 0)
    expect(all).toBe(chosen.length * 2)
    expect(statuses.get(200)).toBeGreaterThan(all * 0.9)
    const search = createSearch(markers.all())
    const sent = new Set(search(installation.received()).map(({ marker }) => marker.way))
    expect(sent.size).toBeGreaterThan(chosen.length * 1.8)
    for (const way of ['realtime message', 'body of error', 'a call in which the proxy crashed'])
      expect(sent).toContain(way)
    expect(sinks.get('output')?.toString()).toContain('The process cannot go on')
    expect(sinks.get('Sentry')?.toString()).toContain('"SyntaxError"')
    expect(sinks.get('checkpoints on the web')?.toString()).toContain('ai-governance-proxy/')
  })

  test('a leak in any sink would be found', () => {
    const planted = new Set(found.filter(({ marker }) => marker.way.startsWith('planted')).map(({ sink }) => sink))
    for (const sink of sinks.keys()) {
      if (sink !== 'open routes' && !sink.startsWith('audit ')) expect(planted).toContain(sink)
    }
    for (const sink of sinks.keys()) {
      if (isRecord(sink)) expect(found.filter(one => one.sink === sink && isKept(one.marker.way))).not.toEqual([])
    }
  })

  test('no sink holds content, in any form', () => {
    const leaks = found.filter(({ marker }) => marker.kind === 'content' && !marker.way.startsWith('planted'))
    expect(leaks.map(({ marker, form, sink }) => `${marker.way}, ${form}, in ${sink}`)).toEqual([])
  })

  test('no sink holds a name but those that the record keeps, there and as they are', () => {
    const leaks = found.filter(
      ({ marker, form, sink }) =>
        marker.kind === 'name' && !(isKept(marker.way) && isRecord(sink) && form === 'as it is'),
    )
    expect(leaks.map(({ marker, form, sink }) => `${marker.way}, ${form}, in ${sink}`)).toEqual([])
  })

  test.each(Object.values(keptNames))('%s is recorded', way => {
    expect(found).toContainEqual(
      expect.objectContaining({ sink: 'database: rows', marker: expect.objectContaining({ way }) }),
    )
  })

  test('no sink holds a key', () => {
    const secret = installation.token.split('.')[1] ?? ''
    for (const [sink, bytes] of sinks) {
      // The first key is shown once, on standard output.
      const times = bytes.toString('latin1').split(secret).length - 1
      expect({ sink, times }).toEqual({ sink, times: sink === 'output' ? 2 : 0 })
      expect(bytes.includes('sk-upstream')).toBe(false)
    }
  })
})
