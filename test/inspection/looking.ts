import type { CustomDetector } from '../../src/contracts/custom-detector.ts'
import type { FindingType } from '../../src/contracts/facts.ts'
import { gatherJson } from '../../src/inspection/body.ts'
import { type Content, createCollector } from '../../src/inspection/content.ts'
import { findWith } from '../../src/inspection/detect.ts'
import type { Detector, Finding } from '../../src/inspection/detectors/detector.ts'
import { examine } from '../../src/inspection/examine.ts'
import { gatherMultipart, type MultipartPart } from '../../src/inspection/multipart.ts'
import { toNormalForm } from '../../src/inspection/normal-form.ts'

/** What one detector finds in a text, with its overlaps. */
export const findBy = (detector: Detector, text: string, ...expected: FindingType[]): Finding[] =>
  findWith([detector], toNormalForm(text), new Set(expected))

/** A customer's own detector. */
export const phraseDetector: CustomDetector = {
  type: 'phrase',
  pattern: 'these words',
  ignore_case: false,
  keywords: [],
  context: [],
  checksum: 'none',
}

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
