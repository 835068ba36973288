import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** A labelled place: `type` as the data names it (`PERSON`), offsets in UTF-16 units. */
export type Gold = { type: string; start: number; end: number }

type Row = { id: string; text: string; set?: string }
/** Whole documents. Where `labelled_types` is given, only those are labelled. */
export type Document = Row & { spans: Gold[]; labelled_types?: string[] }
/** Texts of one recognizer's tests. `spans` is null where the place is not stated. */
export type Case = Row & { type: string; expected_count: number; spans: Gold[] | null }
export type Secret = Row & { secret: boolean }
export type Prompt = Row & { injection: boolean; set: string }
export type Benign = Row & { truth?: Record<string, true>; set: string }

type Files = {
  presidio_research_synth: Document
  presidio_recognizer_cases: Case
  ambientmeta_handmade: Document
  uner_ewt_dev: Document
  wnut17_dev: Document
  ner_train_btc_wnut: Document
  secrets_secretlint: Secret
  injection: Prompt
  benign: Benign
}

/** The rows of one file of `data`, whose README says where they are from. */
export function load<Name extends keyof Files>(name: Name): Files[Name][] {
  const bytes = gunzipSync(readFileSync(new URL(`./data/${name}.jsonl.gz`, import.meta.url)))
  const lines = bytes.toString('utf8').split('\n')
  return lines.filter(line => line !== '').map(line => JSON.parse(line))
}
