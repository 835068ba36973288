import { describe, expect, it } from 'vitest'
import type { PersonalDataType } from '../../../src/contracts/facts.ts'
import { detect } from '../../../src/inspection/detect.ts'

/** Text, and how many findings of the type it holds. */
const cases: Partial<Record<PersonalDataType, [text: string, count: number][]>> = {
  email: [
    ['write to alice@example.com today', 1],
    ['<alice@example.com>, bob.b+tag@mail.example.co.uk;', 2],
    ['mailto:alice@example.com?subject=x', 1],
    ['user@xn--80ak6aa92e.com', 1],
    ['deploy@web01.corp.example:~$ ls, deploy@web01.corp.example:/srv/app# ls', 0],
    ['to alice@example.com: $5', 1],
    ['邮箱：用户@例子.公司', 1],
    ['bob@163.com', 1],
    ["o'neill@example.ie", 1],
    ['at the end alice@example.com.', 1],
    ['{"to":"alice@example.com"}', 1],
    ['line\\nalice@example.com', 1],
    ['alice%40example.com', 1],
    ['alice&#64;example.com alice&#x40;example.com alice&commat;example.com', 3],
    ['alice\\u0040example.com', 1],
    ['alice\\\\u0040example\\\\u002ecom', 1],
    ['ali\u200bce@exam\u00adple.com', 1],
    ['ａｌｉｃｅ＠ｅｘａｍｐｌｅ．ｃｏｍ', 1],
    ['postgres://admin:hunter2@db.example.com/x', 0],
    ['git@github.com:fastify/fastify.git', 0],
    ['"node_modules/@types/node": "lodash@4.17.21" logo@2x.png', 0],
    ['@app.route("/x") class A: y = a@b', 0],
    ['alice@localhost, info@example.', 0],
  ],
  phone: [
    ['+1 415 555 0132', 1],
    ['+14155550132', 1],
    ['+44 (0)20 7946 0958', 1],
    ['0044 20 7946 0958', 1],
    ['(415) 555-0132 or 415.555.0133 or 1-415-555-0134', 3],
    ['tel:+4930123456', 1],
    ['ring 020 7946 0958', 1],
    ['0171/1234567', 1],
    ['01 23 45 67 89', 1],
    ['{"phone":"4155550132"}', 1],
    ['415-555-0132 x123', 1],
    ['＋１４１５５５５０１３２', 1],
    ['+1‑415‑555‑0132', 1],
    ['contact my office at 280.840.1528', 1],
    ['Phone: 467 3395', 1],
    ['Phone: 415-555-0132\nNPI: 2156818207', 1],
    ['flat 2 415-555-0132 415-555-0133', 2],
    ['physician 4270799594', 0],
    ['order 4155550132 shipped', 0],
    ['2024-05-01 12:30:00, 01.05.2024 12:30', 0],
    ['at 1700000000 and 1700000000123', 0],
    ['550e8400-e29b-41d4-a716-446655440000', 0],
    ['3.14159265358979 and 0.123456789', 0],
    ['0101 1010 1100', 0],
    ['version 10.20.30.40000', 0],
    ['$415 555 0132', 0],
    ['[100, 200, 3000], 1 2 3 4 5 6 7 8 9', 0],
    ['da39a3ee5e6b4b0d3255bfef95601890afd80709', 0],
  ],
  credit_card: [
    ['4111111111111111', 1],
    ['4111 1111 1111 1111', 1],
    ['4111-1111-1111-1111, 5500 0000 0000 0004', 2],
    ['4111 1111 1111 1111 123', 1],
    ['3782 822463 10005', 1],
    ['3056 930902 5904', 1],
    ['4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1', 1],
    ['４１１１１１１１１１１１１１１１', 1],
    ['٤١١١١١١١١١١١١١١١', 1],
    ['4111\u200b1111\u200b1111\u200b1111', 1],
    ['{\\"card\\":\\"4111111111111111\\"}', 1],
    ['4111111111111112', 0],
    ['9111111111111111', 0],
    ['1234567890123456', 0],
    ['x4111111111111111', 0],
    ['41111111111111111111', 0],
    ['1700000000000000000', 0],
  ],
  iban: [
    ['DE89370400440532013000', 1],
    ['IBAN: DE89 3704 0044 0532 0130 00.', 1],
    ['gb82 west 1234 5698 7654 32', 1],
    ['GB82-WEST-1234-5698-7654-32', 1],
    ['NO9386011117947 and MT84MALT011000012345MTLCAST001S', 2],
    ['DE89370400440532013001', 0],
    ['DE8937040044053201300', 0],
    ['XX89370400440532013000', 0],
  ],
  us_ssn: [
    ['536-90-4399', 1],
    ['ssn 536 90 4399', 1],
    ['social security number is 536904399', 1],
    ['536904399', 0],
    ['000-12-3456 666-12-3456 900-12-3456 536-00-4399 536-90-0000', 0],
    ['1536-90-4399', 0],
    ['536-90.4399', 0],
  ],
  ip_address: [
    ['from 203.0.113.7, then 10.1.2.3:8080', 2],
    ['http://192.168.1.20/admin', 1],
    ['10.0.0.0/8', 1],
    ['2001:db8::1 and fe80::1%eth0', 2],
    ['[::ffff:192.168.1.1]:80', 1],
    ['2345:0425:2CA1:0000:0000:0567:5673:23b5.', 1],
    ['127.0.0.1 0.0.0.0 255.255.255.0 ::1 ::', 0],
    ['192.168.1.256 300.1.1.1 1.2.3 10.0.0.1.2', 0],
    ['version 12.20.30.40, v10.20.30.40, Chrome/120.10.20.30, pkg==10.20.30.40', 0],
    ['std::vector<a::b> x[1::2] Foo::bar dead::beef 12:34:56', 0],
    ['00:1A:2B:3C:4D:5E', 0],
  ],
}

for (const [type, table] of Object.entries(cases)) {
  describe(type, () => {
    it.each(table)('%s → %i', (text, count) => {
      expect(detect(text)[type as PersonalDataType] ?? 0).toBe(count)
    })
  })
}

describe('overlaps', () => {
  it('counts one place once, as the most certain type', () => {
    expect(detect('pay with card 4111 1111 1111 1111, phone +1 415 555 0132')).toEqual({ credit_card: 1, phone: 1 })
    expect(detect('GB82 WEST 1234 5698 7654 32')).toEqual({ iban: 1 })
  })

  it('counts beyond the number of validations on form alone, so that a flood hides nothing', () => {
    const flood = Array.from({ length: 500 }, (_, i) => `+999 000 ${1000 + i} `).join('')
    expect(detect(`${flood}+1 415 555 0132`).phone).toBeGreaterThan(300)
  })
})
