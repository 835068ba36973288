import type { Provider } from './provider.ts'

/**
 * Listens on http://127.0.0.1:8000/v1 by default. Source:
 * https://docs.vllm.ai/en/latest/serving/openai_compatible_server
 */
export const vllm: Provider = {
  id: 'vllm',
  name: 'vLLM',
  baseUrl: null,
  external: false,
  key: 'optional',
  example: null,
  models: ['*', 'gpt-oss*'],
  streamOptions: true,
}
