import type { Keyring } from '../keys/keyring.ts'
import { presentedToken } from '../keys/token.ts'
import { after, type Stage } from './stage.ts'

/** Finds who is calling, before a byte of the body is read. From here on the call will be recorded. */
export function createAuthenticate({ keyring }: { keyring: Keyring }): Stage {
  return function authenticate(call) {
    return after(keyring.authenticate(presentedToken(call.request.headers)), principal => {
      call.principal = principal
    })
  }
}
