import { type Finding, isWordCode } from '../detectors/detector.ts'

/**
 * A Telegram bot's token: its id, `:`, and 35 characters that begin with `AA`. Source: Bot API, "Authorizing your bot".
 */
const telegramKey = /:AA[\w-]{33}(?![\w-])/y

export const telegramToken = (text: string, colon: number): Finding | null => {
  telegramKey.lastIndex = colon
  if (text.charAt(colon + 1) !== 'A' || !telegramKey.test(text)) return null
  let start = colon
  while (colon - start < 11 && /\d/.test(text.charAt(start - 1))) start--
  if (colon - start < 8 || colon - start > 10) return null
  return { start, end: telegramKey.lastIndex, type: 'secret_token', confidence: 1 }
}

/** A client secret of Microsoft Entra: the fourth character is a digit, and `Q~` follows. */
const entraSecret = /[\w.~-]{3}\dQ~[\w.~-]{31,34}(?![\w~-])/y

export const azureClientSecret = (text: string, mark: number): Finding | null => {
  const start = mark - 4
  if (start < 0 || isWordCode(text.charCodeAt(start - 1))) return null
  entraSecret.lastIndex = start
  return entraSecret.test(text)
    ? { start, end: entraSecret.lastIndex, type: 'secret_cloud_credential', confidence: 1 }
    : null
}
