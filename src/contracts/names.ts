// What is kept of the names that callers and owners choose: bounded, and without a space in which a sentence could be.
// Whoever lets a name in checks it by these patterns, and so does the record: what got in has a place there.

/** A model, as its provider or a caller calls it. */
export const modelName = /^[\w.:/@+~-]{1,256}$/

/** An operation: one of the proxy's own, or a caller's word on `POST /v1/check`. */
export const operationName = /^[\w.:-]{1,64}$/

export const providerId = /^[a-z][a-z0-9-]{0,31}$/

/** A tool: letters, few figures. */
export const toolName = /^(?!(?:\D*\d){4})[\w.-]{1,64}$/

/** The value of metadata that a caller declares. */
export const declaredValue = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/

/** A type that a customer gave to a detector of its own. */
export const customTypeName = /^[a-z][a-z0-9_]{0,31}$/

/** Longest name of a key and longest e-mail address that are kept whole, in characters. */
export const longestOwnWords = 320
