import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { SecretType } from '../../../src/contracts/facts.ts'
import { findAll } from '../../../src/inspection/detect.ts'
import { secrets } from '../../../src/inspection/secrets/secrets.ts'
import { growth, inProportion, repeated } from '../../growth.ts'
import { findBy } from '../looking.ts'

const find = (text: string) => findBy(secrets, text)
const typesIn = (text: string) => [...new Set(find(text).map(({ type }) => type))]

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/**
 * Characters that look random and are the same in each run. Keys are made here, so that no scanner takes them for real.
 */
const random = (length: number, alphabet = digits) => {
  let state = 20_260
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647
    return alphabet.charAt(state % alphabet.length)
  }).join('')
}
const hex = (length: number) => random(length, '0123456789abcdef')
const upper = (length: number) => random(length, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')
const lower = (length: number) => random(length, 'abcdefghijklmnopqrstuvwxyz0123456789')
const uuid = [8, 4, 4, 4, 12].map(hex).join('-')

const withChecksum = (body: string) => {
  let text = ''
  for (let rest = crc32(body); text.length < 6; rest = Math.floor(rest / 62)) text = digits.charAt(rest % 62) + text
  return body + text
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const jwt = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub: '1234', iat: 1 })}.${random(43)}`
const pem = (label: string) => `-----BEGIN ${label}-----\n${random(64)}\n${random(64)}\n-----END ${label}-----`

/** Keys as their makers form them, by the type that each is found as. */
const keys: Record<SecretType, string[]> = {
  secret_provider_key: [
    `sk-${random(20)}T3Blbk${'FJ'}${random(20)}`,
    `sk-proj-${random(74)}T3Blbk${'FJ'}${random(74)}`,
    `sk-ant-api03-${random(93)}AA`,
    `sk-or-v1-${hex(64)}`,
    `gsk_${random(52)}`,
    `hf_${random(34)}`,
    `r8_${random(37)}`,
    `pplx-${random(48)}`,
    `xai-${random(80)}`,
    `nvapi-${random(64)}`,
    `lsv2_pt_${hex(32)}_${hex(10)}`,
    `sk_live_${random(24)}`,
    `rk_test_${random(99)}`,
    `whsec_${random(32)}`,
    `sq0atp-${random(22)}`,
    `shpat_${hex(32)}`,
    `SG.${random(22)}.${random(43)}`,
    `key-${hex(32)}`,
    `xkeysib-${hex(64)}-${random(16)}`,
    `SK${hex(32)}`,
    `pat-na1-${uuid}`,
    `lin_api_${random(40)}`,
    `ntn_${random(11, '0123456789')}${random(35)}`,
    `figd_${random(43)}`,
    `pat${random(14)}.${hex(64)}`,
    `1/${random(16, '0123456789')}:${hex(32)}`,
    `ATATT3xFfGF0${random(180)}`,
  ],
  secret_cloud_credential: [
    `AKIA${upper(16)}`,
    `ASIA${upper(16)}`,
    `AIza${random(35)}`,
    `GOCSPX-${random(28)}`,
    `ya29.${random(120)}`,
    `dop_v1_${hex(64)}`,
    `dapi${hex(32)}-2`,
    `hvs.${random(95)}`,
    `sbp_${hex(40)}`,
    `pscale_tkn_${random(43)}`,
    `nfp_${random(36)}`,
    `HRKU-${uuid}`,
    `tskey-auth-${random(14)}-${random(32)}`,
    `dp.pt.${random(43)}`,
    `pul-${hex(40)}`,
    `ops_eyJ${random(300)}`,
    `abc8Q~${random(34)}`,
  ],
  secret_private_key: [
    pem('PRIVATE KEY'),
    pem('RSA PRIVATE KEY'),
    pem('OPENSSH PRIVATE KEY'),
    pem('ENCRYPTED PRIVATE KEY'),
    pem('PGP PRIVATE KEY BLOCK'),
    JSON.stringify({ private_key: pem('PRIVATE KEY') }).replaceAll('\\n', '\n'),
    pem('EC PRIVATE KEY').split('-----END')[0] ?? '',
    `AGE-SECRET-KEY-1${random(58, '023456789ACDEFGHJKLMNPQRSTUVWXYZ')}`,
    `ETH_PRIVATE_KEY=0x${hex(64)}`,
    `DOTENV_PRIVATE_KEY_PRODUCTION="${hex(64)},${hex(64)}"`,
  ],
  secret_token: [
    `ghp_${withChecksum(random(30))}`,
    `github_pat_${random(22)}_${random(59)}`,
    `glpat-${random(20)}`,
    `npm_${withChecksum(random(30))}`,
    `pypi-AgEIcHlwaS5vcmc${random(120)}`,
    `dckr_pat_${random(27)}`,
    `PMAK-${hex(24)}-${hex(34)}`,
    `glsa_${random(32)}_${hex(8)}`,
    `sntryu_${hex(64)}`,
    `NRAK-${upper(27)}`,
    `squ_${hex(40)}`,
    `rubygems_${hex(48)}`,
    `CCIPAT_${random(22)}_${hex(40)}`,
    `dt0c01.${upper(24)}.${upper(64)}`,
    `xoxb-${random(12, '0123456789')}-${random(24)}`,
    `xapp-1-A0123456789-${random(13, '0123456789')}-${hex(64)}`,
    jwt,
    `Authorization: Bearer ${random(40)}`,
    `${Buffer.from('123456789012345678').toString('base64url')}.Gh3xYz.${random(38)}`,
    `1234567890:AA${random(33)}`,
  ],
  secret_connection_string: [
    'postgres://svc:tr0ub4dor@db.internal:5432/app?sslmode=require',
    'mongodb+srv://svc:tr0ub4dor@cluster0.mongodb.net/app',
    'redis://:tr0ub4dor@cache:6379/0',
    'amqp://svc:tr0ub4dor@mq/vhost',
    'mysql://svc:p@ss-w0rd-9@db/app',
    `AccountName=app;AccountKey=${random(86)}==;EndpointSuffix=core.windows.net`,
    `SharedAccessKeyName=root;SharedAccessKey=${random(43)}=`,
  ],
  secret_webhook_url: [
    `https://hooks.slack.com/services/T${upper(8)}/B${upper(8)}/${random(24)}`,
    `https://discord.com/api/webhooks/${random(18, '0123456789')}/${random(68)}`,
    `https://corp.webhook.office.com/webhookb2/${uuid}@${uuid}/IncomingWebhook/${hex(32)}/${uuid}`,
    `https://hooks.zapier.com/hooks/catch/123456/${lower(7)}`,
    `https://oapi.dingtalk.com/robot/send?access_token=${hex(64)}`,
  ],
  secret_password: [
    'DB_PASSWORD=tr0ub4dor&3',
    '"password": "tr0ub4dor&3"',
    "password => 'tr0ub4dor&3',",
    '<password>tr0ub4dor&3</password>',
    '<add key="password" value="tr0ub4dor&3" />',
    '- name: DB_PASSWORD\n  value: tr0ub4dor&3',
    'Server=db;User Id=svc;Password=tr0ub4dor&3;',
    'mysql --password tr0ub4dor',
    "CREATE USER svc IDENTIFIED WITH PASSWORD 'tr0ub4dor'",
    'my password is tr0ub4dor.',
    'Das Passwort lautet tr0ub4dor.',
    'Mot de passe : tr0ub4dor',
    'Contraseña: tr0ub4dor',
    '**Password:** tr0ub4dor&3',
    'machine git.corp.net login svc password tr0ub4dor',
    'https://svc:tr0ub4dor@git.corp.net/repo.git',
    `Authorization: Basic ${Buffer.from('svc:tr0ub4dor').toString('base64')}`,
    'https://svc:admin@git.corp.net/',
    `{"auths":{"registry.corp.net":{"auth":"${Buffer.from('svc:tr0ub4dor').toString('base64')}"}}}`,
    `svc:$2y$10$${random(53)}`,
    `svc:$apr1$${random(8)}$${random(22)}`,
  ],
}

/** Names beside which a value of no form of its own is a secret. */
const assignments: [text: string, type: SecretType][] = [
  [`DATADOG_API_KEY=${hex(32)}`, 'secret_provider_key'],
  [`"mistral_api_key": "${random(32)}"`, 'secret_provider_key'],
  [`x-api-key: ${random(40)}`, 'secret_provider_key'],
  [`AWS_SECRET_ACCESS_KEY = ${random(40)}`, 'secret_cloud_credential'],
  [`aws_session_token: ${random(120)}`, 'secret_cloud_credential'],
  [`clientSecret: '${random(32)}'`, 'secret_token'],
  [`TWILIO_AUTH_TOKEN=${hex(32)}`, 'secret_token'],
  [`//registry/:_authToken=${random(36)}`, 'secret_token'],
  [`deploy --token ${random(32)}`, 'secret_token'],
]

const harmless = [
  'password: your_password_here',
  'password: ********',
  'api_key=<YOUR_API_KEY>',
  'API_KEY=\u0024{API_KEY}',
  'const token = process.env.TOKEN',
  'token = tokens[index]; secret = settings.secret_name',
  'password = getPassword(user)',
  '"password": "Password", "label": "Enter your password"',
  'token: string, password: boolean',
  'The password is required. The token is invalid.',
  'max_tokens=4096, next_page_token=abcdefgh12345678',
  `sha512-${random(86)}==`,
  `commit ${hex(40)}`,
  uuid,
  `public_key: ${hex(64)}`,
  'https://user@example.com/ and http://localhost:8080/@scope',
  'postgres://\u0024{user}:\u0024{password}@localhost/db',
  'https://user:password@host.com',
  'postgres://postgres:admin@localhost:5432/app',
  `xghp_${withChecksum(random(30))}`,
  `hf_${'x'.repeat(34)}`,
  'ghp_short sk-short AKIASHORT glpat-short eyJhbGciOi',
  'AKIAIOSFODNN7EXAMPLE',
  '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----',
  `-----BEGIN PUBLIC KEY-----\n${random(64)}\n-----END PUBLIC KEY-----`,
  `eyJ${random(30)}.eyJ${random(30)}.${random(43)}`,
  'sk-learn sk-image task-force-1 risk-based',
  '',
]

describe.each(Object.entries(keys))('%s', (type, texts) => {
  it.each(texts.map(text => [text.slice(0, 24), text]))('%s', (_, text) => {
    expect(typesIn(text)).toContain(type)
    expect(typesIn(`see "${text}", thanks`)).toContain(type)
  })
})

describe('names', () => {
  it.each(assignments)('%s', (text, type) => {
    expect(typesIn(text)).toEqual([type])
  })
})

describe('what is no secret', () => {
  it.each(harmless)('%s', text => {
    expect(find(text)).toEqual([])
  })
})

describe('certainty', () => {
  it('is less where check digits are wrong', () => {
    expect(find(`ghp_${withChecksum(random(30))}`)[0]?.confidence).toBe(1)
    expect(find(`ghp_${random(36)}`)[0]?.confidence).toBe(0.5)
  })

  it('finds where the secret is, without its name', () => {
    expect(find('pwd: "tr0ub4dor&3"')).toEqual([{ start: 6, end: 17, type: 'secret_password', confidence: 0.75 }])
  })

  it('never spans the border between texts', () => {
    const text = `password=\0tr0ub4dor postgres://svc:\0tr0ub4dor@db ${pem('PRIVATE KEY').replaceAll('\n', '\0')}`
    for (const { start, end } of find(text)) expect(text.slice(start, end)).not.toContain('\0')
  })
})

describe('hostile texts', () => {
  const beginnings = [
    'password=',
    '-----BEGIN PRIVATE KEY-----',
    'eyJa',
    'eyJaaaaaaaaaa.',
    '://a:',
    'a:a@',
    '"value=',
    'hvs.-',
    '$6$',
    'name: a ',
  ]
  it.each(beginnings)('%s, repeated, takes time in proportion', beginning => {
    expect(growth(size => find(repeated(beginning, size)), 262_144)).toBeLessThan(inProportion)
  })
})

it('a key that is joined to a name by an underscore is one', () => {
  const key = `ghp_${'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0xF'.slice(0, 30)}`
  const found = (text: string) => findAll(text).filter(({ type }) => type.startsWith('secret_')).length
  expect(found(`backup_${key}3LmNoP`)).toBe(found(`${key}3LmNoP`))
  expect(found(`backupAKIA${'QZ7XN4K2WJ5VTM3R'}`)).toBe(0)
  expect(found(`backup_AKIA${'QZ7XN4K2WJ5VTM3R'}`)).toBe(1)
})
