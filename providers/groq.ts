import type { Provider } from './provider.ts'

/** Source: https://console.groq.com/docs/models */
export const groq: Provider = {
  id: 'groq',
  name: 'Groq',
  baseUrl: 'https://api.groq.com/openai/v1',
  external: true,
  key: 'required',
  example: 'llama-3.1-8b-instant',
  models: [
    'groq/compound',
    'groq/compound-mini',
    'llama-3.1-8b-instant',
    'llama-3.3-70b-versatile',
    'whisper-large-v3',
    'whisper-large-v3-turbo',
  ],
  streamOptions: true,
}
