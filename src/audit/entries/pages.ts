/**
 * Rows of a table a page at a time. While one page is used the next is on its way. `fetch` gets the row after which a
 * page starts, null for the first; a page that is not full is the last.
 */
export async function* pagesOf<Row>(fetch: (after: Row | null) => Promise<Row[]>, size: number): AsyncGenerator<Row[]> {
  let next = fetch(null)
  for (;;) {
    const rows = await next
    const last = rows.at(-1)
    if (last === undefined) return
    const isLast = rows.length < size
    if (!isLast) {
      next = fetch(last)
      // It is reported when it is awaited, and not at all if whoever reads stops before.
      next.catch(() => {})
    }
    yield rows
    if (isLast) return
  }
}

/** Rows that can be looked at before they are taken. Only the end of a page costs a promise. */
export type Rows<Row> = {
  /** Whether there may be a row: false at the end of a page, until `more` has loaded the next one. */
  readonly isAtHand: boolean
  /** The next row, or undefined if none is at hand. */
  peek(): Row | undefined
  take(): void
  /** Whether there is a row, which is then at hand. */
  more(): boolean | Promise<boolean>
}

export function rowsOf<Row>(pages: AsyncGenerator<Row[]>): Rows<Row> {
  let page: (Row | undefined)[] = []
  let at = 0
  let isOver = false

  async function load(): Promise<boolean> {
    const { value, done } = await pages.next()
    isOver = done === true
    page = value ?? []
    at = 0
    return !isOver
  }

  return {
    get isAtHand() {
      return at < page.length
    },
    peek: () => page[at],
    // What the driver keeps of a page outlives young garbage, and would keep rows that were used alive with it.
    take() {
      page[at++] = undefined
    },
    more: () => at < page.length || (!isOver && load()),
  }
}
