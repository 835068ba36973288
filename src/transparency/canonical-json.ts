/**
 * The one text of a JSON value (RFC 8785, JCS): members sorted by UTF-16 code units, no white space, numbers and
 * strings as ECMAScript writes them. Throws a TypeError, which does not quote the value, for whatever JSON cannot hold:
 * `undefined`, NaN, infinities, lone surrogates, big integers, and objects that are not plain.
 */
export function canonicalise(value: unknown): string {
  // Most values are in order, having been written so. To see that and let the engine write is twice as fast.
  if (isInOrder(value)) {
    const text = JSON.stringify(value)
    // How a lone surrogate is written, though not only that.
    if (!text.includes('\\ud')) return text
  }
  return write(value)
}

/** Whether all members are sorted as they are. Throws for what JSON cannot hold, but for lone surrogates. */
function isInOrder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) {
    requireScalar(value)
    return true
  }
  if (Array.isArray(value)) {
    let inOrder = true
    // By index, to see holes.
    for (let index = 0; index < value.length; index++) inOrder = isInOrder(value[index]) && inOrder
    return inOrder
  }
  requirePlain(value)
  let inOrder = true
  let last = ''
  for (const name of Object.keys(value)) {
    inOrder = isInOrder((value as Record<string, unknown>)[name]) && last <= name && inOrder
    last = name
  }
  return inOrder
}

function write(value: unknown): string {
  if (typeof value === 'string') return writeString(value)
  if (Array.isArray(value)) return `[${Array.from(value, write).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    requirePlain(value)
    const members = value as Record<string, unknown>
    // Without a comparison function, strings sort by UTF-16 code units.
    const names = Object.keys(members).sort()
    return `{${names.map(name => `${writeString(name)}:${write(members[name])}`).join(',')}}`
  }
  requireScalar(value)
  return JSON.stringify(value)
}

function writeString(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('A string with a lone surrogate is not JSON')
  return JSON.stringify(text)
}

function requireScalar(value: unknown): void {
  const type = typeof value
  if (type === 'number' && !Number.isFinite(value)) throw new TypeError('A number that is not finite is not JSON')
  if (type === 'string' || type === 'number' || type === 'boolean' || value === null) return
  throw new TypeError(`A value of type ${type} is not JSON`)
}

function requirePlain(object: object): void {
  const prototype = Object.getPrototypeOf(object)
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError('An object of a class is not JSON')
}
