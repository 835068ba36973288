import type { CustomDetector } from '../contracts/custom-detector.ts'
import type { Content, Gathered } from './content.ts'
import { examine } from './examine.ts'

/** What a thread of the inspector's pool runs. */
export default ({ gathered, custom }: { gathered: Gathered; custom: readonly CustomDetector[] }): Content =>
  examine(gathered, custom)
