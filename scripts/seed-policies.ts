// Writes a row for every policy document that has none: npm run seed-policies
import { policyKeys } from '../src/contracts/decision.ts'
import { createPolicyStore } from '../src/policy/store.ts'
import { runCommand } from './command.ts'
import { withDatabase } from './database.ts'

await runCommand('Usage: npm run seed-policies', async () => {
  await withDatabase(async ({ prisma }) => {
    const added = await createPolicyStore(prisma).seed()
    console.log(`${added} of ${policyKeys.length} policies were added; the others were there.`)
  })
})
