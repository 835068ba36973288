import type { Provider } from './provider.ts'

/** Listens on http://127.0.0.1:11434/v1 by default. Source: https://docs.ollama.com/api/openai-compatibility */
export const ollama: Provider = {
  id: 'ollama',
  name: 'Ollama',
  baseUrl: null,
  external: false,
  key: 'optional',
  example: 'llama3.2',
  models: ['*', 'gpt-oss*'],
  streamOptions: true,
}
