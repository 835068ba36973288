import type { Provider } from './provider.ts'

/** Source: https://api-docs.deepseek.com */
export const deepseek: Provider = {
  id: 'deepseek',
  name: 'DeepSeek',
  baseUrl: 'https://api.deepseek.com/v1',
  external: true,
  key: 'required',
  example: 'deepseek-chat',
  // Not `deepseek-*`: local servers have open models such as `deepseek-r1:8b`.
  models: ['deepseek-chat', 'deepseek-reasoner', 'deepseek-v4-flash', 'deepseek-v4-pro'],
  streamOptions: true,
}
