/**
 * Writes a value as canonical JSON (RFC 8785), and nothing that it does not name: a shape is at once the list of what
 * may be kept, the check and the encoder. Throws `ShapeError`.
 */
export type Shape<T> = (value: T) => string

/** A value that its shape does not allow. Names the member, never the value. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError'
  readonly problem: string
  readonly path: readonly string[]

  constructor(problem: string, path: readonly string[] = []) {
    super(path.length === 0 ? problem : `${path.join('.')} ${problem}`)
    this.problem = problem
    this.path = path
  }
}

export const flag: Shape<boolean> = value => {
  if (typeof value !== 'boolean') throw new ShapeError('is not a boolean')
  return value ? 'true' : 'false'
}

/** The database's `integer` is the narrowest place that a number goes to. */
export const integer = (max = 2_147_483_647, min = 0): Shape<number> =>
  function writeInteger(value) {
    if (!Number.isInteger(value) || value < min || value > max) throw new ShapeError('is not a number in its range')
    return String(value)
  }

/** A number of at most so many decimals, which a database's decimals hold exactly. */
export const decimal = (decimals: number, max = Number.MAX_SAFE_INTEGER): Shape<number> => {
  const unit = 10 ** decimals
  return function writeDecimal(value) {
    if (!(value >= -max && value <= max)) throw new ShapeError('is not a number in its range')
    return String(Math.round(value * unit) / unit)
  }
}

/** A name of bounded length. `pattern` may let no character through that JSON would escape. */
export const name = (pattern: RegExp): Shape<string> =>
  function writeName(value) {
    if (typeof value !== 'string' || !pattern.test(value)) throw new ShapeError('is not a name of its kind')
    return `"${value}"`
  }

/** Words of an owner, such as a key's name. What PostgreSQL cannot store (NUL, lone surrogates) is replaced. */
export const words = (maxLength: number): Shape<string> =>
  function writeWords(value) {
    if (typeof value !== 'string') throw new ShapeError('is not a text')
    if (value.length > maxLength) throw new ShapeError('is too long')
    return JSON.stringify(value.toWellFormed().replaceAll('\0', '\uFFFD'))
  }

export const moment: Shape<Date> = value => {
  if (Number.isNaN(value.getTime())) throw new ShapeError('is not a time')
  return `"${value.toISOString()}"`
}

export const oneOf = <T extends string>(values: readonly T[]): Shape<T> => {
  const texts = new Map<string, string>(values.map(value => [value, JSON.stringify(value)]))
  return function writeOneOf(value) {
    const text = texts.get(value)
    if (text === undefined) throw new ShapeError('is none of its values')
    return text
  }
}

export const nullable = <T>(shape: Shape<T>): Shape<T | null> =>
  function writeNullable(value) {
    return value === null ? 'null' : shape(value)
  }

export const either = <A, B>(isA: (value: A | B) => value is A, a: Shape<A>, b: Shape<B>): Shape<A | B> =>
  function writeEither(value) {
    return isA(value) ? a(value) : b(value as B)
  }

export const list = <T>(shape: Shape<T>, maxLength: number): Shape<readonly T[]> =>
  function writeList(values) {
    if (values.length === 0) return '[]'
    if (values.length > maxLength) throw new ShapeError('has too many items')
    return `[${values.map(shape).join(',')}]`
  }

/** An object whose keys are names of one kind, each of which may be absent. */
export const dictionary = <Key extends string, T>(
  key: Shape<Key>,
  shape: Shape<T>,
  maxSize: number,
): Shape<Readonly<Partial<Record<Key, T>>>> =>
  function writeDictionary(value) {
    const keys = Object.keys(value) as Key[]
    if (keys.length === 0) return '{}'
    if (keys.length > maxSize) throw new ShapeError('has too many members')
    const members = keys.sort().map(one => `${key(one)}:${shape(value[one] as T)}`)
    return `{${members.join(',')}}`
  }

type Members<T> = { readonly [Key in keyof T]-?: Shape<T[Key]> }

/** An object with exactly these members. */
export const object = <T extends object>(members: Members<T>): Shape<T> => writerOf(members, false)

/**
 * An object with exactly these members, of which those that are null are left out: one more, later, changes no old
 * record.
 */
export const record = <T extends object>(members: Members<T>): Shape<T> => writerOf(members, true)

function writerOf<T extends object>(members: Members<T>, leaveOutNull: boolean): Shape<T> {
  const names = (Object.keys(members) as (keyof T & string)[]).sort()
  const written = names.map(name => ({ name, shape: members[name] as Shape<unknown>, start: `"${name}":` }))
  return function writeObject(value) {
    // As many as there should be, and none missing, are none but these.
    if (countOf(value) > names.length) refuseOthers(value, members)
    let text = ''
    let at = ''
    try {
      for (const { name, shape, start } of written) {
        at = name
        const inner = shape(present(value[name]))
        if (leaveOutNull && inner === 'null') continue
        text += text === '' ? start + inner : `,${start}${inner}`
      }
    } catch (error) {
      throw error instanceof ShapeError ? new ShapeError(error.problem, [at, ...error.path]) : error
    }
    return `{${text}}`
  }
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new ShapeError('is missing')
  return value
}

function countOf(value: object): number {
  let count = 0
  for (const _ in value) count++
  return count
}

function refuseOthers(value: object, members: object): void {
  for (const name in value)
    if (!Object.hasOwn(members, name)) throw new ShapeError('has a member that is not on the list')
}
