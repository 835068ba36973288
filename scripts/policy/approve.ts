import { CommandError } from '../command.ts'
import { requireKnownProviders } from '../known-providers.ts'
import { subcommand } from '../subcommand.ts'
import { noteOf, noteOptions } from './note.ts'
import { customerId, withStores } from './stores.ts'

export const approve = subcommand(
  ['approve <email> <provider,provider>', 'lets a customer use external providers'],
  noteOptions,
  ['email', 'providers'],
  ({ values, positionals: [email, providers] }) => {
    if (email === undefined || providers === undefined)
      throw new CommandError('An e-mail address and providers are needed.')
    const ids = providers.split(',').flatMap(id => id.trim() || [])
    const note = noteOf(values)
    return withStores(async ({ policies, keys, config }) => {
      requireKnownProviders(ids, config)
      const { number } = await policies.approve(ids, await customerId(keys, email), note)
      console.log(`Approved for ${email}: ${ids.join(', ')} (version ${number}).`)
    })
  },
)
