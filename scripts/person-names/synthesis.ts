import { allFakers, allLocales, Faker } from '@faker-js/faker'
import type { Example } from './examples.ts'
import type { Random } from './random.ts'
import {
  commonWords,
  countries,
  englishNames,
  lesserWords,
  listedNames,
  namesByLocale,
  nationalities,
  places,
  taggedFirst,
  taggedOrganisations,
  taggedPlaces,
  taggedTeams,
} from './sources.ts'
import { sentencesWithNames } from './templates-with-names.ts'
import { sentencesWithoutNames } from './templates-without-names.ts'

const capitalise = (text: string) => text.replace(/\p{L}+/gu, word => word.charAt(0).toUpperCase() + word.slice(1))

const titles =
  'Mr. Mrs. Ms. Dr. Prof. Mr Mrs Ms Dr Miss Professor Doctor Sir Judge Officer Sgt. Capt. Rev. Nurse'.split(' ')
const particles = 'van,van der,van den,de,de la,del,von,di,da,dos,bin,al,Al-,El ,Mc,Mac,Le,De,Du,ten'.split(',')
const nouns =
  'report order meeting file invoice project ticket contract door key server build deadline budget car phone flight hotel letter package house garden kitchen movie song game class exam team update deal visit'.split(
    ' ',
  )
const works =
  'The Lion King,Game of Thrones,Star Wars,Breaking Bad,Harry Potter,Bohemian Rhapsody,Purple Rain,Call of Duty,The Great Gatsby,Romeo and Juliet,Mario Kart,Grand Theft Auto,The Voice,Big Brother,American Idol,Forrest Gump,Jurassic Park,Stranger Things'.split(
    ',',
  )
const brands =
  'iPhone,Galaxy,Xbox,Photoshop,Google Maps,Gmail,Excel,PlayStation,Kindle,Alexa,Siri,ChatGPT,Slack,Zoom,Netflix,Spotify,Tylenol,Advil,Lipitor,Nutella,Coke,Pepsi,Lego,Ford Focus,Windows'.split(
    ',',
  )

const groups =
  'Muslims,Christians,Jews,Catholics,Democrats,Republicans,Americans,Europeans,Arabs,Hindus,Buddhists,Shiites,Sunnis,Communists,Liberals,Tories,Vikings,Martians,Labour,Islam,Christianity,Hamas,Hezbollah,Taliban,NATO,UNESCO,OPEC,Interpol,Firefox,Mozilla,Wikipedia,Reuters,Bloomberg,Enron,Pixar,Cockatiels,Labradors,Poodles,Elves,Hindi,Mandarin,Latin,Gothic,Baroque'.split(
    ',',
  )
/** Words that are no names as well. */
const plainWords = (() => {
  const first = new Set([...englishNames.first, ...taggedFirst].map(name => name.toLowerCase()))
  return [...commonWords, ...lesserWords].filter(word => word.length > 2 && !first.has(word))
})()
const streetWords =
  'rue,avenue,boulevard,place,Via,Viale,Piazza,Calle,Avda.,C/,Plaza,Rua,Travessa,ul.,Rue,Av.,Paseo,Corso,Strada,King,Queen,Saint,Cours,Allée'.split(
    ',',
  )
const streetLocales = [
  allFakers.de,
  allFakers.de_AT,
  allFakers.fr,
  allFakers.it,
  allFakers.es,
  allFakers.pt_BR,
  allFakers.nl,
  allFakers.pl,
  allFakers.sv,
  allFakers.da,
  allFakers.fi,
  allFakers.cs_CZ,
  allFakers.hu,
  allFakers.tr,
  allFakers.en_GB,
]

/** Makes texts from the templates, with names marked. Half of the sentences hold no person. */
export const synthesiser = (random: Random, seed: number) => {
  const faker = new Faker({ locale: [allLocales.en, allLocales.base] })
  faker.seed(seed)
  faker.setDefaultRefDate('2026-01-01T00:00:00Z')
  const { pick, chance, below } = random

  /** The head of one name and the tail of another: a name that no list has. */
  const invent = (list: readonly string[]) => {
    const [head, tail] = [pick(list), pick(list)]
    return capitalise(
      (head.slice(0, Math.ceil(head.length / 2)) + tail.slice(Math.floor(tail.length / 2))).toLowerCase(),
    )
  }
  const nameFrom = (kind: 'first' | 'last', locale: { first: string[]; last: string[] }) => {
    if (chance(0.12)) return invent(locale[kind])
    return chance(0.15) ? capitalise(pick(listedNames)) : pick(locale[kind])
  }
  const locale = () => (chance(0.45) ? englishNames : pick(namesByLocale))
  const first = () => nameFrom('first', locale())
  const last = () => {
    const name = nameFrom('last', locale())
    if (chance(0.04)) return `${name}-${nameFrom('last', locale())}`
    if (chance(0.03)) return `O'${capitalise(name)}`
    if (!chance(0.06)) return name
    const particle = pick(particles)
    return /[-c ]$|Mac/.test(particle) ? particle + name : `${particle} ${name}`
  }
  const initial = () => `${pick('ABCDEFGHIJKLMNOPRSTVW'.split(''))}${chance(0.8) ? '.' : ''}`
  const fullForms = [
    [60, () => `${first()} ${last()}`],
    [8, () => `${first()} ${initial()} ${last()}`],
    [5, () => `${first()} ${first()} ${last()}`],
    [5, () => `${last()}, ${first()}`],
    [5, () => `${initial()} ${last()}`],
    [3, () => `${initial()} ${initial()} ${last()}`],
    [3, () => `${first()}-${first()} ${last()}`],
    [3, () => `${first()} ${last()} ${last()}`],
    [2, () => `${first()} ${last().charAt(0)}.`],
  ] as const
  const bag = fullForms.flatMap(([weight, form]) => Array<() => string>(weight).fill(form))
  const full = () => pick(bag)()
  const name = () => (chance(0.5) ? full() : chance(0.7) ? first() : last())

  for (const abroad of streetLocales) abroad.seed(seed)
  const namedStreet = () => `${pick(streetWords)} ${chance(0.5) ? `${first()} ` : ''}${last()}`
  const street = () => {
    if (chance(0.4)) return faker.location.streetAddress()
    if (chance(0.4)) return `${chance(0.4) ? `${below(300) + 1} ` : ''}${namedStreet()} ${below(200) + 1}`
    return chance(0.6) ? pick(streetLocales).location.streetAddress() : `${pick(places)} ${below(200) + 1}`
  }
  const fillers: Readonly<Record<string, () => string>> = {
    place: () => {
      if (chance(0.1)) return pick(countries)
      if (chance(0.35)) return faker.location.city()
      return chance(0.4) ? capitalise(pick(taggedPlaces)) : chance(0.2) ? faker.location.state() : pick(places)
    },
    country: () => pick(countries),
    Word: () => capitalise(pick(plainWords)),
    group: () => pick(groups),
    nationality: () => capitalise(pick(nationalities)),
    street,
    streetname: () => faker.location.street(),
    org: () => (chance(0.5) ? faker.company.name() : capitalise(pick(taggedOrganisations))),
    product: () => (chance(0.5) ? pick(brands) : faker.commerce.productName()),
    team: () => capitalise(pick(taggedTeams)),
    work: () => (chance(0.5) ? pick(works) : chance(0.5) ? faker.music.songName() : faker.book.title()),
    job: () => faker.person.jobTitle(),
    day: () => faker.date.weekday(),
    month: () => faker.date.month(),
    date: () => faker.date.past().toISOString().slice(0, 10),
    time: () => `${below(12) + 1}:${below(50) + 10}`,
    number: () => String(below(chance(0.5) ? 100 : 9999)),
    phone: () => faker.phone.number(),
    email: () => faker.internet.email(),
    noun: () => pick(nouns),
    title: () => pick(titles),
  }
  const names: Readonly<Record<string, () => string>> = { name, full, first, last }

  const fill = (template: string, marked: boolean): Example => {
    let chosen = template
    for (let before = ''; before !== chosen; ) {
      before = chosen
      chosen = chosen.replace(/\[([^[\]]*\|[^[\]]*)\]/g, (_, options: string) => pick(options.split('|')))
    }
    let text = ''
    let at = 0
    const spans: Example['spans'] = []
    for (const slot of chosen.matchAll(/\{([a-zA-Z]+)\}/g)) {
      const key = slot[1] ?? ''
      text += chosen.slice(at, slot.index)
      at = slot.index + slot[0].length
      const value = names[key]?.() ?? fillers[key]?.() ?? key
      if (marked && key in names) spans.push({ start: text.length, end: text.length + value.length })
      text += value
    }
    return { text: text + chosen.slice(at), spans }
  }

  const withNames = templatesOf(sentencesWithNames)
  const withoutNames = templatesOf(sentencesWithoutNames)
  const sentence = () => (chance(0.5) ? fill(pick(withNames), true) : fill(pick(withoutNames), false))

  return (): Example => {
    let { text, spans } = sentence()
    for (let more = below(4); more > 0 && chance(0.6); more--) {
      const next = sentence()
      const from = text.length + 1
      text += (chance(0.6) ? ' ' : '\n') + next.text
      spans = [...spans, ...next.spans.map(({ start, end }) => ({ start: start + from, end: end + from }))]
    }
    const style = random.number()
    const written = style < 0.2 ? text.toLowerCase() : style < 0.24 ? text.toUpperCase() : text
    return { text: written.length === text.length ? written : text, spans }
  }
}

const templatesOf = (lines: string) =>
  lines
    .trim()
    .split('\n')
    .map(line => line.replaceAll('\\n', '\n').replaceAll('\\t', '\t'))
