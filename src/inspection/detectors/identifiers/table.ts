import { africa } from './africa.ts'
import { americas } from './americas.ts'
import { asiaPacific } from './asia-pacific.ts'
import { europe } from './europe.ts'
import { general } from './general.ts'
import { germany } from './germany.ts'
import type { Identifier } from './identifier.ts'
import { unitedKingdom } from './united-kingdom.ts'

/** Where one text fits several equally well, the first stands. */
export const identifiers: readonly Identifier[] = [
  ...asiaPacific,
  ...europe,
  ...germany,
  ...unitedKingdom,
  ...africa,
  ...americas,
  ...general,
]
