/** Zeros after the last unit, so that what looks a little ahead needs no bounds. */
const ending = 4

export type Units = Uint16Array<ArrayBuffer>

const shared = new Uint16Array(32_768 + ending)
const sharedBytes = Buffer.from(shared.buffer)

/**
 * The UTF-16 units of a text and some zeros: a loop over them takes a fifth of the time of one over the string. The array
 * is good until the next text is copied; `forget` empties it. In the byte order of all machines that Node runs on.
 */
export const unitsOf = (text: string): Units => {
  const fits = text.length <= shared.length - ending
  const units = fits ? shared : new Uint16Array(text.length + ending)
  const bytes = fits ? sharedBytes : Buffer.from(units.buffer)
  bytes.write(text, 0, 'utf16le')
  units.fill(0, text.length, text.length + ending)
  return units
}

/** No text stays behind when it was read. */
export const forget = (units: Units, length: number) => units.fill(0, 0, length)
