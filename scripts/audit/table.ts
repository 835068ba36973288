/** Longest column that is shown. */
const widest = 48

/** A table for people: columns as wide as they need to be, without what a terminal would obey. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map(row => row.map(shown))
  const widths = head.map((_, at) => Math.max(...cells.map(row => row[at]?.length ?? 0)))
  return cells
    .map(row =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function shown(cell: string): string {
  const plain = cell.replaceAll(/\p{C}/gu, '\uFFFD')
  return plain.length > widest ? `${plain.slice(0, widest - 1)}…` : plain
}
