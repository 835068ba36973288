import { endOfStream, type Format, message, type Turn } from './turn.ts'

/** Source: https://platform.openai.com/docs/api-reference/chat */
export const chat: Format = {
  input: 'messages',

  whole(turn) {
    const answer = { role: 'assistant', content: turn.text, refusal: null, annotations: [] }
    return {
      ...heading(turn, 'chat.completion'),
      choices: [{ index: 0, message: answer, logprobs: null, finish_reason: 'stop' }],
      usage: usageOf(turn),
    }
  },

  *stream(turn) {
    const chunk = (delta: object, finish_reason: string | null = null) =>
      message({
        ...heading(turn, 'chat.completion.chunk'),
        choices: [{ index: 0, delta, logprobs: null, finish_reason }],
        ...(turn.includeUsage && { usage: null }),
      })
    yield chunk({ role: 'assistant', content: '', refusal: null })
    for (const piece of turn.pieces) yield chunk({ content: piece })
    yield chunk({}, 'stop')
    if (turn.includeUsage) {
      yield message({ ...heading(turn, 'chat.completion.chunk'), choices: [], usage: usageOf(turn) })
    }
    yield endOfStream
  },
}

function heading({ id, created, model }: Turn, object: string) {
  return { id: `chatcmpl-${id}`, object, created, model, service_tier: 'default', system_fingerprint: null }
}

function usageOf({ inputTokens, outputTokens }: Turn) {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  }
}
