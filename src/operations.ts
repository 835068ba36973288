/** One operation of OpenAI's API that the proxy governs. */
export type Operation = {
  /** Resource path and method of the API reference: `chat.completions.create`. */
  name: string
  method: 'GET' | 'POST' | 'DELETE'
  /** Path in the router's syntax, version segment included: `/v1/files/:file_id`. */
  path: string
  /**
   * `json`: judged whole. `multipart`: judged by its fields; where the API also takes JSON, the content type tells.
   * `upload`: opaque bytes, piped through. `socket`: a WebSocket upgrade. `none`: no body.
   */
  body: 'json' | 'multipart' | 'upload' | 'none' | 'socket'
  /** Clients may send no body at all, or `{}`. */
  optionalBody: boolean
  /** The call names its model in its body or query. Without one the provider would choose, or use a stored choice. */
  takesModel: boolean
  /** The operation raises `uninspectable_content` whatever its body says. The rule is at the table. */
  unseen: boolean
}

/** Paths are those of the reference, under /v1. `json?` is a JSON body that may be left out. */
type Row = readonly [
  name: string,
  method: Operation['method'],
  path: `/${string}`,
  body: Operation['body'] | 'json?',
  ...flags: ('model' | 'unseen')[],
]

/**
 * Every operation under /v1, in the order of the API reference, with the names of its resources and methods.
 * A path that is not here is refused; so is the administration of organizations and projects, on purpose.
 *
 * The rule for `unseen`: the call reaches content that this proxy can't look into while it judges the call. So do
 * opaque uploads and sockets; secrets that let a client talk to the provider past the proxy; and whatever reads, lists,
 * changes, deletes or puts to a model what is stored upstream. All customers share the upstream's account, so what is
 * stored there may be another customer's. A call that carries all of its content in its own body is not unseen, even
 * if the provider keeps a copy; single parts of it that can't be read raise the fact by themselves.
 */
const table: readonly Row[] = [
  ['responses.create', 'POST', '/responses', 'json', 'model'],
  ['responses.connect', 'GET', '/responses', 'socket', 'unseen'],
  ['responses.compact', 'POST', '/responses/compact', 'json', 'model'],
  ['responses.retrieve', 'GET', '/responses/:response_id', 'none', 'unseen'],
  ['responses.delete', 'DELETE', '/responses/:response_id', 'none', 'unseen'],
  ['responses.cancel', 'POST', '/responses/:response_id/cancel', 'json?', 'unseen'],
  ['responses.input_items.list', 'GET', '/responses/:response_id/input_items', 'none', 'unseen'],
  ['responses.input_tokens.count', 'POST', '/responses/input_tokens', 'json', 'model'],

  ['conversations.create', 'POST', '/conversations', 'json?'],
  ['conversations.retrieve', 'GET', '/conversations/:conversation_id', 'none', 'unseen'],
  ['conversations.update', 'POST', '/conversations/:conversation_id', 'json', 'unseen'],
  ['conversations.delete', 'DELETE', '/conversations/:conversation_id', 'none', 'unseen'],
  ['conversations.items.create', 'POST', '/conversations/:conversation_id/items', 'json', 'unseen'],
  ['conversations.items.list', 'GET', '/conversations/:conversation_id/items', 'none', 'unseen'],
  ['conversations.items.retrieve', 'GET', '/conversations/:conversation_id/items/:item_id', 'none', 'unseen'],
  ['conversations.items.delete', 'DELETE', '/conversations/:conversation_id/items/:item_id', 'none', 'unseen'],

  ['chat.completions.create', 'POST', '/chat/completions', 'json', 'model'],
  ['chat.completions.list', 'GET', '/chat/completions', 'none', 'unseen'],
  ['chat.completions.retrieve', 'GET', '/chat/completions/:completion_id', 'none', 'unseen'],
  ['chat.completions.update', 'POST', '/chat/completions/:completion_id', 'json', 'unseen'],
  ['chat.completions.delete', 'DELETE', '/chat/completions/:completion_id', 'none', 'unseen'],
  ['chat.completions.messages.list', 'GET', '/chat/completions/:completion_id/messages', 'none', 'unseen'],

  ['completions.create', 'POST', '/completions', 'json', 'model'],
  ['embeddings.create', 'POST', '/embeddings', 'json', 'model'],
  ['moderations.create', 'POST', '/moderations', 'json', 'model'],

  ['models.list', 'GET', '/models', 'none'],
  ['models.retrieve', 'GET', '/models/:model', 'none'],
  ['models.delete', 'DELETE', '/models/:model', 'none', 'unseen'],

  ['images.generate', 'POST', '/images/generations', 'json', 'model'],
  ['images.edit', 'POST', '/images/edits', 'multipart', 'model'],
  ['images.create_variation', 'POST', '/images/variations', 'multipart', 'model'],

  ['audio.speech.create', 'POST', '/audio/speech', 'json', 'model'],
  ['audio.transcriptions.create', 'POST', '/audio/transcriptions', 'multipart', 'model'],
  ['audio.translations.create', 'POST', '/audio/translations', 'multipart', 'model'],
  ['audio.voices.create', 'POST', '/audio/voices', 'upload', 'unseen'],
  ['audio.voice_consents.create', 'POST', '/audio/voice_consents', 'upload', 'unseen'],
  ['audio.voice_consents.list', 'GET', '/audio/voice_consents', 'none', 'unseen'],
  ['audio.voice_consents.retrieve', 'GET', '/audio/voice_consents/:consent_id', 'none', 'unseen'],
  ['audio.voice_consents.update', 'POST', '/audio/voice_consents/:consent_id', 'json', 'unseen'],
  ['audio.voice_consents.delete', 'DELETE', '/audio/voice_consents/:consent_id', 'none', 'unseen'],

  ['videos.create', 'POST', '/videos', 'multipart', 'model'],
  ['videos.list', 'GET', '/videos', 'none', 'unseen'],
  ['videos.retrieve', 'GET', '/videos/:video_id', 'none', 'unseen'],
  ['videos.delete', 'DELETE', '/videos/:video_id', 'none', 'unseen'],
  ['videos.download_content', 'GET', '/videos/:video_id/content', 'none', 'unseen'],
  ['videos.remix', 'POST', '/videos/:video_id/remix', 'multipart', 'unseen'],
  ['videos.edit', 'POST', '/videos/edits', 'multipart', 'unseen'],
  ['videos.extend', 'POST', '/videos/extensions', 'multipart', 'unseen'],
  ['videos.create_character', 'POST', '/videos/characters', 'multipart', 'unseen'],
  ['videos.get_character', 'GET', '/videos/characters/:character_id', 'none', 'unseen'],

  ['realtime.connect', 'GET', '/realtime', 'socket', 'model', 'unseen'],
  ['realtime.client_secrets.create', 'POST', '/realtime/client_secrets', 'json?', 'unseen'],
  ['realtime.calls.create', 'POST', '/realtime/calls', 'upload', 'unseen'],
  ['realtime.calls.accept', 'POST', '/realtime/calls/:call_id/accept', 'json', 'unseen'],
  ['realtime.calls.hangup', 'POST', '/realtime/calls/:call_id/hangup', 'json?', 'unseen'],
  ['realtime.calls.refer', 'POST', '/realtime/calls/:call_id/refer', 'json', 'unseen'],
  ['realtime.calls.reject', 'POST', '/realtime/calls/:call_id/reject', 'json?', 'unseen'],
  ['realtime.translations.connect', 'GET', '/realtime/translations', 'socket', 'model', 'unseen'],
  ['realtime.translations.calls.create', 'POST', '/realtime/translations/calls', 'upload', 'unseen'],
  ['realtime.translations.client_secrets.create', 'POST', '/realtime/translations/client_secrets', 'json', 'unseen'],
  ['beta.realtime.sessions.create', 'POST', '/realtime/sessions', 'json?', 'unseen'],
  ['beta.realtime.transcription_sessions.create', 'POST', '/realtime/transcription_sessions', 'json?', 'unseen'],

  ['files.create', 'POST', '/files', 'upload', 'unseen'],
  ['files.list', 'GET', '/files', 'none', 'unseen'],
  ['files.retrieve', 'GET', '/files/:file_id', 'none', 'unseen'],
  ['files.delete', 'DELETE', '/files/:file_id', 'none', 'unseen'],
  ['files.content', 'GET', '/files/:file_id/content', 'none', 'unseen'],

  ['uploads.create', 'POST', '/uploads', 'json', 'unseen'],
  ['uploads.cancel', 'POST', '/uploads/:upload_id/cancel', 'json?', 'unseen'],
  ['uploads.complete', 'POST', '/uploads/:upload_id/complete', 'json', 'unseen'],
  ['uploads.parts.create', 'POST', '/uploads/:upload_id/parts', 'upload', 'unseen'],

  ['batches.create', 'POST', '/batches', 'json', 'unseen'],
  ['batches.list', 'GET', '/batches', 'none', 'unseen'],
  ['batches.retrieve', 'GET', '/batches/:batch_id', 'none', 'unseen'],
  ['batches.cancel', 'POST', '/batches/:batch_id/cancel', 'json?', 'unseen'],

  ['fine_tuning.jobs.create', 'POST', '/fine_tuning/jobs', 'json', 'model', 'unseen'],
  ['fine_tuning.jobs.list', 'GET', '/fine_tuning/jobs', 'none', 'unseen'],
  ['fine_tuning.jobs.retrieve', 'GET', '/fine_tuning/jobs/:job_id', 'none', 'unseen'],
  ['fine_tuning.jobs.cancel', 'POST', '/fine_tuning/jobs/:job_id/cancel', 'json?', 'unseen'],
  ['fine_tuning.jobs.pause', 'POST', '/fine_tuning/jobs/:job_id/pause', 'json?', 'unseen'],
  ['fine_tuning.jobs.resume', 'POST', '/fine_tuning/jobs/:job_id/resume', 'json?', 'unseen'],
  ['fine_tuning.jobs.list_events', 'GET', '/fine_tuning/jobs/:job_id/events', 'none', 'unseen'],
  ['fine_tuning.jobs.checkpoints.list', 'GET', '/fine_tuning/jobs/:job_id/checkpoints', 'none', 'unseen'],
  ['fine_tuning.alpha.graders.run', 'POST', '/fine_tuning/alpha/graders/run', 'json', 'unseen'],
  ['fine_tuning.alpha.graders.validate', 'POST', '/fine_tuning/alpha/graders/validate', 'json', 'unseen'],

  ['vector_stores.create', 'POST', '/vector_stores', 'json?', 'unseen'],
  ['vector_stores.list', 'GET', '/vector_stores', 'none', 'unseen'],
  ['vector_stores.retrieve', 'GET', '/vector_stores/:id', 'none', 'unseen'],
  ['vector_stores.update', 'POST', '/vector_stores/:id', 'json', 'unseen'],
  ['vector_stores.delete', 'DELETE', '/vector_stores/:id', 'none', 'unseen'],
  ['vector_stores.search', 'POST', '/vector_stores/:id/search', 'json', 'unseen'],
  ['vector_stores.files.create', 'POST', '/vector_stores/:id/files', 'json', 'unseen'],
  ['vector_stores.files.list', 'GET', '/vector_stores/:id/files', 'none', 'unseen'],
  ['vector_stores.files.retrieve', 'GET', '/vector_stores/:id/files/:file_id', 'none', 'unseen'],
  ['vector_stores.files.update', 'POST', '/vector_stores/:id/files/:file_id', 'json', 'unseen'],
  ['vector_stores.files.delete', 'DELETE', '/vector_stores/:id/files/:file_id', 'none', 'unseen'],
  ['vector_stores.files.content', 'GET', '/vector_stores/:id/files/:file_id/content', 'none', 'unseen'],
  ['vector_stores.file_batches.create', 'POST', '/vector_stores/:id/file_batches', 'json', 'unseen'],
  ['vector_stores.file_batches.retrieve', 'GET', '/vector_stores/:id/file_batches/:batch_id', 'none', 'unseen'],
  ['vector_stores.file_batches.cancel', 'POST', '/vector_stores/:id/file_batches/:batch_id/cancel', 'json?', 'unseen'],
  ['vector_stores.file_batches.list_files', 'GET', '/vector_stores/:id/file_batches/:batch_id/files', 'none', 'unseen'],

  ['containers.create', 'POST', '/containers', 'json', 'unseen'],
  ['containers.list', 'GET', '/containers', 'none', 'unseen'],
  ['containers.retrieve', 'GET', '/containers/:container_id', 'none', 'unseen'],
  ['containers.delete', 'DELETE', '/containers/:container_id', 'none', 'unseen'],
  ['containers.files.create', 'POST', '/containers/:container_id/files', 'upload', 'unseen'],
  ['containers.files.list', 'GET', '/containers/:container_id/files', 'none', 'unseen'],
  ['containers.files.retrieve', 'GET', '/containers/:container_id/files/:file_id', 'none', 'unseen'],
  ['containers.files.delete', 'DELETE', '/containers/:container_id/files/:file_id', 'none', 'unseen'],
  ['containers.files.content.retrieve', 'GET', '/containers/:container_id/files/:file_id/content', 'none', 'unseen'],

  ['skills.create', 'POST', '/skills', 'upload', 'unseen'],
  ['skills.list', 'GET', '/skills', 'none', 'unseen'],
  ['skills.retrieve', 'GET', '/skills/:skill_id', 'none', 'unseen'],
  ['skills.update', 'POST', '/skills/:skill_id', 'json', 'unseen'],
  ['skills.delete', 'DELETE', '/skills/:skill_id', 'none', 'unseen'],
  ['skills.content.retrieve', 'GET', '/skills/:skill_id/content', 'none', 'unseen'],
  ['skills.versions.create', 'POST', '/skills/:skill_id/versions', 'upload', 'unseen'],
  ['skills.versions.list', 'GET', '/skills/:skill_id/versions', 'none', 'unseen'],
  ['skills.versions.retrieve', 'GET', '/skills/:skill_id/versions/:version', 'none', 'unseen'],
  ['skills.versions.delete', 'DELETE', '/skills/:skill_id/versions/:version', 'none', 'unseen'],
  ['skills.versions.content.retrieve', 'GET', '/skills/:skill_id/versions/:version/content', 'none', 'unseen'],

  ['evals.create', 'POST', '/evals', 'json', 'unseen'],
  ['evals.list', 'GET', '/evals', 'none', 'unseen'],
  ['evals.retrieve', 'GET', '/evals/:eval_id', 'none', 'unseen'],
  ['evals.update', 'POST', '/evals/:eval_id', 'json', 'unseen'],
  ['evals.delete', 'DELETE', '/evals/:eval_id', 'none', 'unseen'],
  ['evals.runs.create', 'POST', '/evals/:eval_id/runs', 'json', 'unseen'],
  ['evals.runs.list', 'GET', '/evals/:eval_id/runs', 'none', 'unseen'],
  ['evals.runs.retrieve', 'GET', '/evals/:eval_id/runs/:run_id', 'none', 'unseen'],
  ['evals.runs.cancel', 'POST', '/evals/:eval_id/runs/:run_id', 'json?', 'unseen'],
  ['evals.runs.delete', 'DELETE', '/evals/:eval_id/runs/:run_id', 'none', 'unseen'],
  ['evals.runs.output_items.list', 'GET', '/evals/:eval_id/runs/:run_id/output_items', 'none', 'unseen'],
  ['evals.runs.output_items.retrieve', 'GET', '/evals/:eval_id/runs/:run_id/output_items/:item_id', 'none', 'unseen'],

  ['beta.assistants.create', 'POST', '/assistants', 'json', 'model', 'unseen'],
  ['beta.assistants.list', 'GET', '/assistants', 'none', 'unseen'],
  ['beta.assistants.retrieve', 'GET', '/assistants/:assistant_id', 'none', 'unseen'],
  ['beta.assistants.update', 'POST', '/assistants/:assistant_id', 'json', 'unseen'],
  ['beta.assistants.delete', 'DELETE', '/assistants/:assistant_id', 'none', 'unseen'],
  ['beta.threads.create', 'POST', '/threads', 'json?', 'unseen'],
  ['beta.threads.create_and_run', 'POST', '/threads/runs', 'json', 'model', 'unseen'],
  ['beta.threads.retrieve', 'GET', '/threads/:id', 'none', 'unseen'],
  ['beta.threads.update', 'POST', '/threads/:id', 'json', 'unseen'],
  ['beta.threads.delete', 'DELETE', '/threads/:id', 'none', 'unseen'],
  ['beta.threads.messages.create', 'POST', '/threads/:id/messages', 'json', 'unseen'],
  ['beta.threads.messages.list', 'GET', '/threads/:id/messages', 'none', 'unseen'],
  ['beta.threads.messages.retrieve', 'GET', '/threads/:id/messages/:message_id', 'none', 'unseen'],
  ['beta.threads.messages.update', 'POST', '/threads/:id/messages/:message_id', 'json', 'unseen'],
  ['beta.threads.messages.delete', 'DELETE', '/threads/:id/messages/:message_id', 'none', 'unseen'],
  ['beta.threads.runs.create', 'POST', '/threads/:id/runs', 'json', 'model', 'unseen'],
  ['beta.threads.runs.list', 'GET', '/threads/:id/runs', 'none', 'unseen'],
  ['beta.threads.runs.retrieve', 'GET', '/threads/:id/runs/:run_id', 'none', 'unseen'],
  ['beta.threads.runs.update', 'POST', '/threads/:id/runs/:run_id', 'json', 'unseen'],
  ['beta.threads.runs.cancel', 'POST', '/threads/:id/runs/:run_id/cancel', 'json?', 'unseen'],
  ['beta.threads.runs.submit_tool_outputs', 'POST', '/threads/:id/runs/:run_id/submit_tool_outputs', 'json', 'unseen'],
  ['beta.threads.runs.steps.list', 'GET', '/threads/:id/runs/:run_id/steps', 'none', 'unseen'],
  ['beta.threads.runs.steps.retrieve', 'GET', '/threads/:id/runs/:run_id/steps/:step_id', 'none', 'unseen'],

  ['beta.chatkit.sessions.create', 'POST', '/chatkit/sessions', 'json', 'unseen'],
  ['beta.chatkit.sessions.cancel', 'POST', '/chatkit/sessions/:session_id/cancel', 'json?', 'unseen'],
  ['beta.chatkit.threads.list', 'GET', '/chatkit/threads', 'none', 'unseen'],
  ['beta.chatkit.threads.retrieve', 'GET', '/chatkit/threads/:thread_id', 'none', 'unseen'],
  ['beta.chatkit.threads.delete', 'DELETE', '/chatkit/threads/:thread_id', 'none', 'unseen'],
  ['beta.chatkit.threads.list_items', 'GET', '/chatkit/threads/:thread_id/items', 'none', 'unseen'],
]

export const operations: readonly Operation[] = table.map(([name, method, path, body, ...flags]) =>
  Object.freeze({
    name,
    method,
    path: `/v1${path}`,
    body: body === 'json?' ? 'json' : body,
    optionalBody: body === 'json?',
    takesModel: flags.includes('model'),
    unseen: flags.includes('unseen'),
  }),
)

export const operationNames: ReadonlySet<string> = new Set(operations.map(({ name }) => name))
