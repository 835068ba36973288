import type { Provider } from './provider.ts'

/** Source: https://platform.openai.com/docs/models */
export const openai: Provider = {
  id: 'openai',
  name: 'OpenAI',
  baseUrl: 'https://api.openai.com/v1',
  external: true,
  key: 'required',
  example: 'gpt-4o-mini',
  models: [
    'gpt-*',
    'chatgpt-*',
    'codex-*',
    'o1*',
    'o3*',
    'o4*',
    'computer-use-preview*',
    'text-embedding-3-*',
    'text-embedding-ada-002',
    'omni-moderation-*',
    'text-moderation-*',
    'dall-e-*',
    'sora-*',
    'tts-1*',
    'whisper-1',
    'davinci-002',
    'babbage-002',
    'ft:*',
  ],
  streamOptions: true,
}
