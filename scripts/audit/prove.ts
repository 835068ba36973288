import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { proofOf } from '../../src/audit/proving.ts'
import { verifyProof } from '../../src/transparency/proof.ts'
import { CommandError } from '../command.ts'
import { subcommand } from '../subcommand.ts'
import { trustedKeys } from './keys.ts'
import { withLog } from './log.ts'
import { save } from './save.ts'

export const prove = subcommand(
  ['prove <decision id> [--out <file>]', 'a proof that a decision is on record, for whoever has the public key'],
  { out: { type: 'string' } },
  ['decision id'],
  async ({ positionals: [id], values: { out } }) => {
    if (!z.uuid().safeParse(id).success) throw new CommandError("prove needs a decision's id.")
    const proof = await withLog(log => proofOf(log, id as string))
    if (out === undefined) process.stdout.write(proof)
    else await save([proof], out)
  },
)

export const verifyProofFile = subcommand(
  ['verify-proof <file> [--public-key <key or file>]', 'checks a proof, and shows the record that it proves'],
  { 'public-key': { type: 'string', multiple: true } },
  ['file'],
  async ({ positionals: [file], values }) => {
    if (file === undefined) throw new CommandError('verify-proof needs a file.')
    const keys = await trustedKeys(values['public-key'])
    const { record, index, checkpoint } = verifyProof(await readFile(file, 'utf8'), keys)
    console.log(`Proved: leaf ${index} of the ${checkpoint.size} of log ${checkpoint.log} is`)
    console.log(JSON.stringify(record, null, 2))
  },
)
