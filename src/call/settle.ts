import type { Journal } from '../audit/journal.ts'
import type { ResponseFacts } from '../contracts/facts.ts'
import type { Log } from '../contracts/log.ts'
import type { Content } from '../inspection/content.ts'
import type { Inspector } from '../inspection/inspector.ts'
import type { Cost } from '../usage/cost.ts'
import type { Call } from './call.ts'
import { recordAbandoned } from './record.ts'
import { outcomeRecord } from './recorded.ts'
import { after } from './stage.ts'

type Settings = { journal: Journal; inspector: Inspector; price: Cost; log: Log }

/**
 * Records how the call ended, once, when its connection or its turn on the connection is over: `close` of the raw response
 * is the one event that also comes after refusals, aborts and upstream deaths. What the answer carried is looked into
 * before that, and if it cannot be, the call is recorded without it.
 */
export function settleOnClose(call: Call, { journal, inspector, price, log }: Settings): void {
  call.reply.raw.once('close', function settle() {
    call.carrier?.release()
    if (call.principal === null) return
    const { statusCode, headersSent } = call.reply.raw
    const status = headersSent ? statusCode : call.answer.status
    if (call.entry === 'none') recordAbandoned(call, { journal, price })
    if (call.entry === 'opened') {
      after(responseFacts(call, inspector, log), response =>
        journal.close(call.id, outcomeRecord(call, { status, response, price })),
      )
    }
    log.debug({ decision: call.id, requestId: call.request.id }, 'A call was settled')
  })
}

function responseFacts({ answer: { text }, policy, id }: Call, inspector: Inspector, log: Log) {
  const failed = () => {
    log.error({ decision: id }, 'An answer could not be looked into')
    return null
  }
  if (text === null) return null
  try {
    const content = inspector.inspect(text.end(), policy?.documents.custom_detectors.detectors)
    return content instanceof Promise ? content.then(toResponseFacts, failed) : toResponseFacts(content)
  } catch {
    return failed()
  }
}

function toResponseFacts({ sizes, types, uncertain, secrets, custom, ...rest }: Content): ResponseFacts {
  return {
    characters: sizes.characters,
    personal_data: { types, uncertain },
    secrets,
    custom,
    uninspectable_content: rest.uninspectable,
    uninspected_characters: rest.uninspectedCharacters,
  }
}
