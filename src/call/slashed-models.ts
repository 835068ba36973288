import type { FastifyInstance } from 'fastify'

const ending = '/:model'

/**
 * Routes every path of a scope that ends in a model's name under names with a slash as well: OpenAI's SDK for Python
 * does not encode them (`/v1/models/provider/model`), and the router ends a parameter at a slash. The second route is
 * made of the first, so that it has its operation and its handler; from here on nothing tells them apart.
 */
export function routeSlashedModels(scope: FastifyInstance): void {
  scope.addHook('onRoute', function routeSlashed(options) {
    if (!options.url.endsWith(ending)) return
    // Where Fastify makes a HEAD of each GET, that one comes by here as well.
    this.route({ ...options, url: `${options.url.slice(0, -ending.length)}/*`, exposeHeadRoute: false })
  })
  scope.addHook('onRequest', function nameModel(request, _reply, done) {
    const { '*': model } = request.params as Record<string, string>
    if (model !== undefined) request.params = { model }
    done()
  })
}
