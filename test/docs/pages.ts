import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export const read = (file: string) => readFileSync(join(root, file), 'utf8')

/** Every page for people, by its path from the root. */
export const pages = new Map(
  globSync(['README.md', 'CHANGELOG.md', 'docs/**/*.md', 'bench/**/*.md', 'src/**/*.md'], {
    cwd: root,
    exclude: ['**/node_modules/**'],
  }).map(file => [file, read(file)]),
)

/** A page of docs/. */
export function page(name: string): string {
  const text = pages.get(`docs/${name}`)
  if (text === undefined) throw new Error(`There is no page docs/${name}`)
  return text
}

/** The rows of all tables of a page whose first column has this title, as cells without their backticks around. */
export function rows(text: string, title: string): string[][] {
  return text.split(`\n| ${title} |`).slice(1).flatMap(tableRows)
}

function tableRows(text: string): string[][] {
  const [, , ...lines] = text.split('\n')
  const end = lines.findIndex(line => !line.startsWith('|'))
  return lines.slice(0, end).map(line =>
    line
      .slice(1, -1)
      .split('|')
      .map(cell => cell.trim().replace(/^`([^`]*)`$/, '$1')),
  )
}
