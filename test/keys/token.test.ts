import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatToken, isForged, mintToken, parseToken, presentedToken } from '../../src/keys/token.ts'
import { growth, inProportion, repeated } from '../growth.ts'

const token = formatToken(mintToken())
const other = formatToken(mintToken())

describe('token', () => {
  test('has the documented form, and is read back whole', () => {
    const minted = mintToken()
    expect(minted.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(Buffer.from(minted.secret, 'base64url')).toHaveLength(32)
    expect(parseToken(formatToken(minted))).toEqual(minted)
    expect(mintToken()).not.toEqual(minted)
  })

  test.each([
    ['empty', ''],
    ['without its prefix', token.slice(4)],
    ['in upper case', token.toUpperCase()],
    ['with an id in upper case', token.slice(0, 4) + token.slice(4, 40).toUpperCase() + token.slice(40)],
    ['a character short', token.slice(0, -1)],
    ['a character long', `${token}A`],
    ['with a line break at its end', `${token.slice(0, -1)}\n`],
    ['with a space before it', ` ${token}`],
    ['with padding', `${token.slice(0, -1)}=`],
    ["in base64's own alphabet", `${token.slice(0, 50)}+/${token.slice(52)}`],
    ['with a NUL', `${token.slice(0, 50)}\0${token.slice(51)}`],
    ['with a letter of another script', `${token.slice(0, 50)}а${token.slice(51)}`],
  ])('is refused %s', (_case, text) => {
    expect(parseToken(text)).toBeNull()
  })

  test('has one spelling: a secret whose spare bits are set is refused', () => {
    const { id } = mintToken()
    const spellings = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].filter(
      last => parseToken(`api_${id}.${'A'.repeat(42)}${last}`) !== null,
    )
    expect(spellings.join('')).toBe('AEIMQUYcgkosw048')
  })

  test('is parsed in linear time, whatever is given', () => {
    for (const unit of ['a', 'api_', '-', '.', `${token}.`])
      expect(growth(size => parseToken(repeated(unit, size)), 16_777_216)).toBeLessThan(inProportion)
  })

  test('any other secret for its id is told apart without a look-up', () => {
    const minted = mintToken()
    expect(isForged(minted)).toBe(false)
    for (let i = 0; i < 1_000; i++) {
      expect(isForged({ ...minted, secret: mintToken().secret })).toBe(true)
      expect(isForged({ ...minted, id: mintToken().id })).toBe(true)
    }
  })

  test('an id made by other means is not taken for forged', () => {
    expect(isForged({ id: crypto.randomUUID(), secret: mintToken().secret })).toBe(false)
  })
})

describe('the token that a request presents', () => {
  test.each([
    ['as a bearer', { authorization: `Bearer ${token}` }],
    ['as a bearer in any case, with more spaces', { authorization: `bEARER   ${token}` }],
    ['as x-api-key', { 'x-api-key': token }],
    ['as both, when they agree', { authorization: `Bearer ${token}`, 'x-api-key': token }],
    ['as a subprotocol', { 'sec-websocket-protocol': `realtime, openai-insecure-api-key.${token}, openai-beta` }],
    ['beside other subprotocols', { authorization: `Bearer ${token}`, 'sec-websocket-protocol': 'realtime' }],
    ['beside an empty subprotocol', { authorization: `Bearer ${token}`, 'sec-websocket-protocol': '' }],
  ])('is read %s', (_case, headers) => {
    expect(presentedToken(headers)).toBe(token)
  })

  test.each([
    ['absent', {}],
    ['of another scheme', { authorization: `Basic ${token}` }],
    ['a scheme alone', { authorization: 'Bearer ' }],
    ['followed by more', { authorization: `Bearer ${token} more` }],
    ['two that differ', { authorization: `Bearer ${token}`, 'x-api-key': other }],
    ['another scheme beside x-api-key', { authorization: 'Basic abc', 'x-api-key': token }],
    [
      'a bearer and a subprotocol that differ',
      { authorization: `Bearer ${token}`, 'sec-websocket-protocol': `openai-insecure-api-key.${other}` },
    ],
  ])('is null when %s', (_case, headers) => {
    expect(presentedToken(headers)).toBeNull()
  })

  test('never throws, and is never longer than what was sent', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.string({ maxLength: 200 }), (authorization, protocols) => {
        const found = presentedToken({ authorization, 'sec-websocket-protocol': protocols })
        expect((found ?? '').length).toBeLessThanOrEqual(Math.max(authorization.length, protocols.length))
      }),
    )
  })
})
