import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import type { Operation } from '../operations.ts'

type Transform = typeof jsonSchemaTransform

/** Collects the OpenAPI description of every route that is registered after it. */
export async function describeRoutes(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'AI governance proxy',
        version: '0.1.0',
        description:
          'Pre-flight endpoints, and the operations that are governed and forwarded. Bodies and answers of the latter are those of the OpenAI API reference.',
      },
      components: { securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } } },
    },
    transform: input => {
      const operation = operationOf(input.route)
      if (operation === null) return jsonSchemaTransform(input)
      // An operation can have a second route, which is none of its own.
      return { schema: input.url === operation.path ? describe(operation) : { hide: true }, url: input.url }
    },
  })
}

/** Shows the description at `/docs`, and as JSON at `/docs/json`. */
export async function docs(scope: FastifyInstance): Promise<void> {
  await scope.register(swaggerUi, { routePrefix: '/docs', staticCSP: true })
}

function operationOf(route: RouteOptions): Operation | null {
  return route.config?.operation ?? null
}

function describe({ name, unseen }: Operation): ReturnType<Transform>['schema'] {
  return {
    operationId: name,
    tags: ['governed'],
    summary: unseen ? `${name} (refused by the default policy)` : name,
    security: [{ apiKey: [] }],
  }
}
