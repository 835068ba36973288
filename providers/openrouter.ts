import type { Provider } from './provider.ts'

/** Source: https://openrouter.ai/docs/api-reference/overview */
export const openrouter: Provider = {
  id: 'openrouter',
  name: 'OpenRouter',
  baseUrl: 'https://openrouter.ai/api/v1',
  external: true,
  key: 'required',
  example: 'openrouter/auto',
  // Closed models only: the names of open ones are used by local servers too.
  models: [
    'openrouter/auto',
    'openrouter/free',
    'openai/gpt-4*',
    'openai/gpt-5*',
    'openai/o1*',
    'openai/o3*',
    'openai/o4*',
    'anthropic/*',
    'google/gemini-*',
    'x-ai/*',
    'perplexity/*',
    'amazon/*',
  ],
  streamOptions: true,
}
