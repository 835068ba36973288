import type { Finding } from '../detectors/detector.ts'
import { isExample, isNoPassword, isPlaceholder } from './placeholders.ts'

/** Schemes of databases, queues and stores whose URLs are connection strings. */
const connectionScheme =
  /^(?:jdbc:)?(?:mongodb(?:\+srv)?|postgres(?:ql)?(?:\+\w+)?|mysql(?:x|\+\w+)?|mariadb(?:\+\w+)?|mssql(?:\+\w+)?|sqlserver|oracle(?:\+\w+)?|rediss?|valkeys?|amqps?|mqtts?|nats|kafka|cockroachdb|clickhouse|neo4j(?:\+s)?|bolt|couchbases?|ldaps?|smtps?|imaps?|cassandra|elasticsearch|influxdb|snowflake|sentinel|memcached)$/i

/** A user's name and password (RFC 3986, section 3.2.1), though a password may hold an `@` that should be escaped. */
const userInfo = /[^\s"'`<>/?#:@\0]{0,128}:([^\s"'`<>/?#\0]{1,256})@(?=[\w[])/y
const localHost = /^(?:localhost|127\.|\[::1\])/
const host = /[\w.:,[\]-]{1,256}/y
const path = /(?:\/[^\s"'`<>\0)\]}]{0,512})?/y

const schemeLength = 40
const isSchemeCharacter = (character: string) => /[\w+.:-]/.test(character)

const schemeStart = (text: string, colon: number) => {
  let start = colon
  while (start > colon - schemeLength && start > 0 && isSchemeCharacter(text.charAt(start - 1))) start--
  return start
}

const afterwards = (pattern: RegExp, text: string, at: number) => {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}

/** A password that opens nothing: of documentation, or a default on the machine at hand. */
const isVoid = (password: string, host: string) =>
  isNoPassword(password) || /^.{1,3}$|^\d{4,5}$/.test(password) || (localHost.test(host) && isPlaceholder(password))

/** A URL with a password in it, whose scheme ends at `colon`. */
export const urlWithPassword = (text: string, colon: number): Finding | null => {
  userInfo.lastIndex = colon + 3
  const match = userInfo.exec(text)
  if (match === null || isExample(match[0])) return null
  const hostStart = userInfo.lastIndex
  const hostEnd = afterwards(host, text, hostStart)
  if (isVoid(match[1] ?? '', text.slice(hostStart, hostEnd))) return null
  const start = schemeStart(text, colon)
  const isConnection = connectionScheme.test(text.slice(start, colon))
  return {
    start,
    end: isConnection ? afterwards(path, text, hostEnd) : hostEnd,
    type: isConnection ? 'secret_connection_string' : 'secret_password',
    confidence: 1,
  }
}
