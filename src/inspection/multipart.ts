import { carrierKinds, kindOfDataUrl, kindOfFileName, kindOfMediaType, wrapperKinds } from './carriers.ts'
import type { Collector } from './content.ts'

/** A field, or a file of which only the envelope is known. `bytes` is the file's length. */
export type MultipartPart =
  | { name: string; value: string }
  | { name: string; filename: string; contentType: string; bytes: number }

/** Kind of a file: by its content type; where that says nothing, by its name or the field (`image[]`, `mask`). */
const kindOfFile = (field: string, { contentType, filename }: { contentType: string; filename: string }) => {
  const kind = kindOfMediaType(contentType)
  return kind === 'file' ? (kindOfFileName(filename) ?? wrapperKinds.get(field) ?? kind) : kind
}

/** Fields that hold words of the protocol: scanned, and not counted as content. */
const protocolFields: ReadonlySet<string> = new Set([
  'model',
  'purpose',
  'response_format',
  'size',
  'quality',
  'language',
])

/** Gathers the fields of a multipart body and the names of its files. What is in the files is not seen. */
export const gatherMultipart = (collector: Collector, parts: readonly MultipartPart[]): void => {
  for (const part of parts) {
    const field = part.name.replace(/\[\w{0,32}\]$/, '')
    collector.addText(part.name, 'user', false)
    if ('value' in part) {
      const carried = kindOfDataUrl(part.value) ?? carrierKinds.get(field)
      if (carried !== undefined) collector.addUninspectable(carried, 1)
      collector.addText(part.value, 'user', carried === undefined && !protocolFields.has(field))
      if (field === 'prompt' || field === 'input') collector.sizes.messages++
    } else {
      collector.addText(part.filename, 'user', false)
      collector.addText(part.contentType, 'user', false)
      collector.addUninspectable(kindOfFile(field, part), 1)
    }
  }
}
