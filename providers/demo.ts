import type { Provider } from './provider.ts'

/** The stand-in of demo/, which runs inside the proxy while no provider is configured. */
export const demo: Provider = {
  id: 'demo',
  name: 'Demo',
  baseUrl: null,
  external: false,
  key: 'optional',
  example: 'demo',
  models: ['*'],
  streamOptions: true,
}
