import { endOfStream, type Format, message, type Turn } from './turn.ts'

/** Source: https://platform.openai.com/docs/api-reference/completions */
export const completions: Format = {
  input: 'prompt',

  whole(turn) {
    return { ...heading(turn), choices: [choice(turn.text, 'stop')], usage: usageOf(turn) }
  },

  *stream(turn) {
    const usage = turn.includeUsage && { usage: null }
    for (const piece of turn.pieces) yield message({ ...heading(turn), choices: [choice(piece, null)], ...usage })
    yield message({ ...heading(turn), choices: [choice('', 'stop')], ...usage })
    if (turn.includeUsage) yield message({ ...heading(turn), choices: [], usage: usageOf(turn) })
    yield endOfStream
  },
}

function heading({ id, created, model }: Turn) {
  return { id: `cmpl-${id}`, object: 'text_completion', created, model }
}

function choice(text: string, finish_reason: string | null) {
  return { text, index: 0, logprobs: null, finish_reason }
}

function usageOf({ inputTokens, outputTokens }: Turn) {
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens }
}
