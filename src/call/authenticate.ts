import type { Keyring } from '../keys/keyring.ts'
import { presentedToken } from '../keys/token.ts'
import type { Call } from './call.ts'
import { after } from './stage.ts'

/** Finds who is calling, before a byte of the body is read. From here on the call will be recorded. */
export function createAuthenticate({ keyring }: { keyring: Keyring }) {
  return function authenticate(call: Pick<Call, 'request' | 'principal'>): void | Promise<void> {
    return after(keyring.authenticate(presentedToken(call.request.headers)), principal => {
      call.principal = principal
    })
  }
}
