import { gatherJson } from '../../src/inspection/body.ts'
import { type Content, createCollector } from '../../src/inspection/content.ts'
import { examine } from '../../src/inspection/examine.ts'
import { gatherMultipart, type MultipartPart } from '../../src/inspection/multipart.ts'

/** What is found in a JSON body. */
export function inspectJson(body: unknown): Content {
  const collector = createCollector()
  gatherJson(collector, body)
  return examine(collector.finish(), [])
}

/** What is found in the parts of a multipart body. */
export function inspectMultipart(parts: readonly MultipartPart[]): Content {
  const collector = createCollector()
  gatherMultipart(collector, parts)
  return examine(collector.finish(), [])
}
