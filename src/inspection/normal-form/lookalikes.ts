import { forget, unitsOf } from '../units.ts'
import { matching, type Rule } from './rewriting.ts'

/** Cyrillic and Greek letters drawn as Latin ones. Source: Unicode UTS #39, confusables.txt. */
const latinLetters = new Map(
  (
    'аa вb еe кk мm нh оo рp сc тt уy хx ѕs іi јj һh ԁd ԛq ԝw ѵv АA ВB ЕE КK МM НH ОO РP СC ТT УY ХX ЅS ІI ЈJ ԌG ԚQ ԜW ' +
    'αa γy ιi κk νv οo ρp υu χx ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX'
  )
    .split(' ')
    .map(pair => [pair.charAt(0), pair.charAt(1)] as const),
)
export const lookalikes = [...latinLetters.keys()].join('')

const latin = 1
const lookalike = 2
const scripts = new Uint8Array(65_536)
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@._+-')
  scripts[character.charCodeAt(0)] = latin
for (const letter of lookalikes)
  for (const either of [letter.toLowerCase(), letter.toUpperCase()]) scripts[either.charCodeAt(0)] = lookalike

/** Latin beside a look-alike: the only reason to doubt a word. Text in Russian or Greek has none. */
export const hasMixedScripts = (text: string) => {
  const units = unitsOf(text)
  let before = 0
  let mixed = false
  for (let i = 0; i < text.length && !mixed; i++) {
    const script = scripts[units[i] ?? 0] ?? 0
    mixed = (before | script) === (latin | lookalike)
    before = script
  }
  forget(units, text.length)
  return mixed
}

const words = /[A-Za-z\u0370-\u052f]+/g
const foldable = new RegExp(`^[A-Za-z${lookalikes}]+$`)

const foldWord = (word: string) =>
  foldable.test(word) ? word.replace(/[^A-Za-z]/g, letter => latinLetters.get(letter) ?? letter) : word

/**
 * Look-alikes in a name, address or number that has Latin letters too. A word with any letter that only Cyrillic or
 * Greek has is left as it is: it is a word of that language.
 */
export const lookalikeRule: Rule = {
  replaceAll: matching(/[A-Za-z0-9@._+\u0370-\u052f-]+/g),
  replace: match => (/[A-Za-z]/.test(match) && /[\u0370-\u052f]/.test(match) ? match.replace(words, foldWord) : match),
}
