import type { Provider } from './provider.ts'

/** Source: https://docs.mistral.ai/getting-started/models */
export const mistral: Provider = {
  id: 'mistral',
  name: 'Mistral AI',
  baseUrl: 'https://api.mistral.ai/v1',
  external: true,
  key: 'required',
  example: 'mistral-small-latest',
  models: [
    'mistral-*',
    'ministral-*',
    'magistral-*',
    'codestral-*',
    'devstral-*',
    'pixtral-*',
    'voxtral-*',
    'open-mistral-*',
    'open-mixtral-*',
    'open-codestral-*',
    'labs-devstral-*',
  ],
  // `stream_options` is answered with 422; the last chunk reports usage without being asked.
  streamOptions: false,
}
