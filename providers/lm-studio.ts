import type { Provider } from './provider.ts'

/** Listens on http://127.0.0.1:1234/v1 by default. Source: https://lmstudio.ai/docs/developer/openai-compat */
export const lmStudio: Provider = {
  id: 'lm-studio',
  name: 'LM Studio',
  baseUrl: null,
  external: false,
  key: 'optional',
  example: null,
  models: ['*', 'gpt-oss*'],
  streamOptions: true,
}
