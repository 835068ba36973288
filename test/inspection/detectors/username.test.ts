import { describe, expect, it } from 'vitest'
import { findAll } from '../../../src/inspection/detect.ts'
import { growth, inProportion, repeated } from '../../growth.ts'

const namesIn = (text: string) =>
  findAll(text)
    .filter(({ type }) => type === 'username')
    .map(({ start, end }) => text.slice(start, end))

describe('user names', () => {
  const cases: [text: string, ...names: string[]][] = [
    ['username: alice_99 and more', 'alice_99'],
    ['Username "jdoe42"', 'jdoe42'],
    ['{"login": "octo-cat"}', 'octo-cat'],
    ['my user name is carol7.', 'carol7'],
    ['my handle is @bob.smith', 'bob.smith'],
    ['follow @dave_x on the site', 'dave_x'],
    ['@erin_b can you look?', 'erin_b'],
    ['@app.route("/x")'],
    ['@Override\npublic void run()'],
    ['import x from "@scope/package"'],
    ['login: function() { }'],
    ['<input name="username" placeholder="Your name">'],
    ['const username = req.body.username'],
    ['username: string, user_id: 12345'],
    ['https://github.com/someone/project'],
  ]
  it.each(cases)('%j', (text, ...names) => {
    expect(namesIn(text)).toEqual(names)
  })

  it.each(['@a', 'login:', '= ', 'username is ', '"'])('takes time in proportion to %j', unit => {
    expect(growth(size => findAll(repeated(unit, size)), 262_144)).toBeLessThan(inProportion)
  })
})
