import { type Format, message, type Turn } from './turn.ts'

/** Source: https://platform.openai.com/docs/api-reference/responses and its streaming events. */
export const responses: Format = {
  input: 'input',

  whole(turn) {
    return response(turn, 'completed')
  },

  *stream(turn) {
    let sequence_number = 0
    const event = (type: string, data: object) => message({ type, sequence_number: sequence_number++, ...data })
    const place = { item_id: itemId(turn), output_index: 0, content_index: 0 }
    yield event('response.created', { response: response(turn, 'in_progress') })
    yield event('response.in_progress', { response: response(turn, 'in_progress') })
    yield event('response.output_item.added', { output_index: 0, item: item(turn, 'in_progress') })
    yield event('response.content_part.added', { ...place, part: part('') })
    for (const delta of turn.pieces) yield event('response.output_text.delta', { ...place, delta, logprobs: [] })
    yield event('response.output_text.done', { ...place, text: turn.text, logprobs: [] })
    yield event('response.content_part.done', { ...place, part: part(turn.text) })
    yield event('response.output_item.done', { output_index: 0, item: item(turn, 'completed') })
    yield event('response.completed', { response: response(turn, 'completed') })
  },
}

type Status = 'in_progress' | 'completed'

function response(turn: Turn, status: Status) {
  const done = status === 'completed'
  return {
    id: `resp_${turn.id}`,
    object: 'response',
    created_at: turn.created,
    status,
    model: turn.model,
    output: done ? [item(turn, status)] : [],
    usage: done ? usageOf(turn) : null,
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: null,
    metadata: {},
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    store: false,
    temperature: 1,
    text: { format: { type: 'text' } },
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    truncation: 'disabled',
  }
}

const itemId = ({ id }: Turn) => `msg_${id}`

function item(turn: Turn, status: Status) {
  const content = status === 'completed' ? [part(turn.text)] : []
  return { id: itemId(turn), type: 'message', status, role: 'assistant', content }
}

function part(text: string) {
  return { type: 'output_text', text, annotations: [], logprobs: [] }
}

function usageOf({ inputTokens, outputTokens }: Turn) {
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: inputTokens + outputTokens,
  }
}
