import { readdirSync, readFileSync } from 'node:fs'
import type { Example } from './examples.ts'

/** Code of installed packages, MIT, in which no person is named but in a rare comment. */
const folders = [
  'fastify/lib',
  'pino/lib',
  'undici/lib/core',
  'undici/lib/handler',
  'undici/lib/util',
  'undici/lib/web/fetch',
]
const modules = new URL('../../node_modules/', import.meta.url)
const pieceLength = 1200

const withoutComments = (code: string) => code.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')

const piecesOf = (code: string): Example[] =>
  Array.from({ length: Math.ceil(code.length / pieceLength) }, (_, i) => ({
    text: code.slice(i * pieceLength, (i + 1) * pieceLength),
    spans: [],
  }))

export const codeWithoutNames = folders.flatMap(folder =>
  readdirSync(new URL(folder, modules))
    .filter(file => file.endsWith('.js'))
    .toSorted()
    .flatMap(file => piecesOf(withoutComments(readFileSync(new URL(`${folder}/${file}`, modules), 'utf8')))),
)
