import type { Provider } from './provider.ts'

/** Source: https://docs.together.ai/docs/inference/openai-compatibility */
export const together: Provider = {
  id: 'together',
  name: 'Together AI',
  baseUrl: 'https://api.together.ai/v1',
  external: true,
  key: 'required',
  example: 'meta-llama/Llama-3.3-70B-Instruct-Turbo',
  // Its other models carry the names that their makers gave them, which any server of open models uses too.
  models: ['togethercomputer/*'],
  streamOptions: true,
}
