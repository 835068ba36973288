import type { ErrorEvent } from '@sentry/node'
import type { Part } from './contracts/part.ts'
import { GovernedError } from './errors.ts'

/** Reports an error that a person should look at; the id finds its call in the audit log. */
export type Report = (error: Error, requestId: string | null) => void

/**
 * Error reports to Sentry, without its default integrations: those attach requests, breadcrumbs and local variables.
 */
export async function createSentry(dsn: string): Promise<Part & { report: Report }> {
  // Imported only where it is used: it costs a third of the start.
  const sentry = await import('@sentry/node')
  return {
    name: 'sentry',
    async start() {
      sentry.init({ dsn, defaultIntegrations: false, beforeSend: scrub })
    },
    async stop() {
      await sentry.close(2000)
    },
    report(error, requestId) {
      const tags = {
        request_id: requestId,
        code: error instanceof GovernedError ? error.code : null,
      }
      sentry.captureException(error.cause instanceof Error ? error.cause : error, { tags })
    },
  }
}

/** Builds the event anew from types and places, since messages, source lines and variables can quote content. */
function scrub(event: ErrorEvent): ErrorEvent {
  const { event_id, timestamp, level, platform, release, environment, tags } = event
  const values = event.exception?.values?.map(({ type, stacktrace }) => ({
    type,
    stacktrace: {
      frames: stacktrace?.frames?.map(({ filename, function: name, lineno, colno, in_app }) => ({
        filename,
        function: name,
        lineno,
        colno,
        in_app,
      })),
    },
  }))
  return {
    type: undefined,
    event_id,
    timestamp,
    level,
    platform,
    release,
    environment,
    tags,
    exception: { values },
  } as ErrorEvent
}
