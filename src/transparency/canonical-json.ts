/** Printable ASCII without quote and backslash: what most strings are, and what JSON writes as it is. */
const plain = /^[ !#-[\]-~]*$/

/**
 * The one text of a JSON value (RFC 8785, JCS): members sorted by UTF-16 code units, no white space, numbers and
 * strings as ECMAScript writes them. Throws a TypeError, which does not quote the value, for whatever JSON cannot hold:
 * `undefined`, NaN, infinities, lone surrogates, big integers, and objects that are not plain.
 */
export function canonicalise(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return canonicalString(value)
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError('A number that is not finite is not JSON')
      // -0 becomes 0, as RFC 8785 demands.
      return String(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      if (value === null) return 'null'
      return Array.isArray(value) ? canonicalArray(value) : canonicalObject(value)
    default:
      throw new TypeError(`A value of type ${typeof value} is not JSON`)
  }
}

function canonicalString(text: string): string {
  if (plain.test(text)) return `"${text}"`
  if (!text.isWellFormed()) throw new TypeError('A string with a lone surrogate is not JSON')
  return JSON.stringify(text)
}

function canonicalArray(values: readonly unknown[]): string {
  let text = '['
  for (let index = 0; index < values.length; index++) {
    if (index > 0) text += ','
    text += canonicalise(values[index])
  }
  return `${text}]`
}

function canonicalObject(object: object): string {
  const prototype = Object.getPrototypeOf(object)
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError('An object of a class is not JSON')
  const members = object as Record<string, unknown>
  let text = '{'
  for (const name of sortedNames(members)) {
    if (text.length > 1) text += ','
    text += `${canonicalString(name)}:${canonicalise(members[name])}`
  }
  return `${text}}`
}

/** What was read from canonical text is in order already, which costs less to see than to sort. */
function sortedNames(members: Record<string, unknown>): string[] {
  const names = Object.keys(members)
  for (let index = 1; index < names.length; index++) {
    if ((names[index - 1] ?? '') > (names[index] ?? '')) return names.sort()
  }
  return names
}
