import type { AuditWriter } from '../audit/writer.ts'
import { GovernedError } from '../errors.ts'
import type { Keyring } from '../keys/keyring.ts'
import { presentedToken } from '../keys/token.ts'
import { after, hasLeft, type Stage } from './stage.ts'

/**
 * Finds who is calling, before a byte of the body is read.
 * From here on the call will be recorded, so a place in the audit queue is reserved at the same time.
 */
export function createAuthenticate({ keyring, audit }: { keyring: Keyring; audit: AuditWriter }): Stage {
  return function authenticate(call) {
    return after(keyring.authenticate(presentedToken(call.request.headers)), principal => {
      // A place that is taken after the call was settled would never be given back.
      if (hasLeft(call)) return
      if (!audit.reserve()) throw new GovernedError('audit_unavailable')
      call.principal = principal
    })
  }
}
