import type { Journal } from '../audit/journal.ts'
import type { ResponseFacts } from '../contracts/facts.ts'
import type { Log } from '../contracts/log.ts'
import type { OutcomeRecord } from '../contracts/record.ts'
import type { Content } from '../inspection/content.ts'
import type { Inspector } from '../inspection/inspector.ts'
import type { Cost } from '../usage/cost.ts'
import type { Call } from './call.ts'
import { ownerOf } from './inspect.ts'
import { recordAbandoned } from './record.ts'
import { outcomeRecord } from './recorded.ts'
import { after } from './stage.ts'
import { createTurn } from './turn.ts'

type Settings = { journal: Journal; inspector: Inspector; price: Cost; log: Log }

/** A call that went out and is over, and how it ended but for what its answer carried. */
type Ended = { call: Call; outcome: OutcomeRecord }

export type Settlement = {
  /** Has a call recorded as it ends. */
  watch(call: Call): void
  /** Records at once what has ended. */
  finish(): void
}

/**
 * Records how calls ended, each once, when its connection or its turn on the connection is over: `close` of the raw
 * response is the one event that also comes after refusals, aborts and upstream deaths. What the answer carried is
 * looked into before that, and if it cannot be, the call is recorded without it.
 */
export function createSettlement({ journal, inspector, price, log }: Settings): Settlement {
  const turn = createTurn<Ended>(function settle(calls) {
    for (const { call, outcome } of calls) {
      after(responseFacts(call, inspector, log), response => {
        outcome.response = response
        journal.close(call.id, outcome)
      })
    }
  })

  return {
    watch(call) {
      call.reply.raw.once('close', function end() {
        call.carrier?.release()
        if (call.principal === null) return
        if (call.entry === 'none') recordAbandoned(call, { journal, price })
        if (call.entry === 'opened') {
          const { statusCode, headersSent } = call.reply.raw
          const status = headersSent ? statusCode : call.answer.status
          turn.add({ call, outcome: outcomeRecord(call, { status, response: null, price }) })
        }
        log.debug({ decision: call.id, requestId: call.request.id }, 'A call has ended')
      })
    },
    finish: turn.finish,
  }
}

function responseFacts(call: Call, inspector: Inspector, log: Log) {
  const { text } = call.answer
  const failed = () => {
    log.error({ decision: call.id }, 'An answer could not be looked into')
    return null
  }
  if (text === null) return null
  try {
    const content = inspector.inspect(text.end(), ownerOf(call), 'answer')
    return content instanceof Promise ? content.then(toResponseFacts, failed) : toResponseFacts(content)
  } catch {
    return failed()
  }
}

function toResponseFacts(content: Content): ResponseFacts {
  const { sizes, types, uncertain, secrets, custom, uninspectable, uninspectedCharacters } = content
  return {
    characters: sizes.characters,
    personal_data: { types, uncertain },
    secrets,
    custom,
    uninspectable_content: uninspectable,
    uninspected_characters: uninspectedCharacters,
  }
}
