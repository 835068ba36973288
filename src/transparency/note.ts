import { decodeBase64 } from './base64.ts'
import { isKeyName, type Signer, type VerifierKey } from './keys.ts'

/** Verifiers must read 16 signatures at least (c2sp.org/signed-note). */
const mostSignatures = 64

/** Why a note was refused. */
export type NoteFault = 'malformed' | 'unknown_key' | 'wrong_signature'

export class NoteError extends Error {
  override name = 'NoteError'
  readonly fault: NoteFault

  constructor(fault: NoteFault) {
    super(
      {
        malformed: 'Not a signed note',
        unknown_key: 'The note is signed by no key that is known',
        wrong_signature: "A signature does not fit the note's text",
      }[fault],
    )
    this.fault = fault
  }
}

/** Signs a text, which ends with a newline and has no control characters besides (c2sp.org/signed-note). */
export function signNote(text: string, signers: readonly Signer[]): string {
  if (!isNoteText(text) || signers.length === 0) throw new NoteError('malformed')
  const lines = signers.map(signer => {
    const signature = Buffer.concat([Buffer.from(signer.id, 'hex'), signer.sign(text)])
    return `— ${signer.name} ${signature.toString('base64')}\n`
  })
  return `${text}\n${lines.join('')}`
}

/**
 * The text of a note that a known key signed. Signatures of other keys are ignored; one of a known key must fit. Throws
 * a NoteError otherwise.
 */
export function openNote(note: string, keys: readonly VerifierKey[]): string {
  const { text, signatures } = parseNote(note)
  let signed = false
  for (const { name, id, signature } of signatures) {
    for (const key of keys) {
      if (key.name !== name || key.id !== id) continue
      if (!key.verify(text, signature)) throw new NoteError('wrong_signature')
      signed = true
    }
  }
  if (!signed) throw new NoteError('unknown_key')
  return text
}

type Signature = { name: string; id: string; signature: Buffer }

function parseNote(note: string): { text: string; signatures: Signature[] } {
  const blank = note.lastIndexOf('\n\n')
  const text = note.slice(0, blank + 1)
  const lines = note.slice(blank + 2).split('\n')
  // The last line ends with a newline, too.
  if (blank < 0 || !isNoteText(text) || lines.pop() !== '') throw new NoteError('malformed')
  if (lines.length === 0 || lines.length > mostSignatures) throw new NoteError('malformed')
  return { text, signatures: lines.map(parseSignature) }
}

function parseSignature(line: string): Signature {
  const [, name = '', encoded = ''] = /^— ([^ ]+) ([^ ]+)$/.exec(line) ?? []
  const bytes = decodeBase64(encoded)
  if (!isKeyName(name) || bytes === null || bytes.length < 5) throw new NoteError('malformed')
  return { name, id: bytes.toString('hex', 0, 4), signature: bytes.subarray(4) }
}

function isNoteText(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a note may not hold.
  return text.endsWith('\n') && text.isWellFormed() && !/[\0-\x09\x0b-\x1f]/.test(text)
}

/**
 * The notes of a text that holds one after another, each followed by an empty line. What stands between them, torn or
 * foreign, comes as a note too, and is refused when it is opened.
 */
export function* splitNotes(text: string): Generator<string> {
  let from = 0
  while (from < text.length) {
    // A note is over at the first empty line after signatures; its own empty line stands before them.
    const signatures = text.indexOf('\n\n— ', from)
    const end = signatures < 0 ? -1 : text.indexOf('\n\n', signatures + 2)
    yield end < 0 ? text.slice(from) : text.slice(from, end + 1)
    from = end < 0 ? text.length : end + 2
  }
}
