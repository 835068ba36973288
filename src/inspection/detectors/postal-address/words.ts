const setOf = (words: string) => new Set(words.split(' '))

/** Words after a street's name. Source: USPS Publication 28, appendix C1, with the British ones. */
export const streetTypes = setOf(
  'street st str avenue ave av road rd boulevard blvd lane ln terrace ter crescent cres parkway pkwy highway hwy ' +
    'turnpike tpke expressway expy freeway fwy close mews esplanade esp streets',
)

/** Words between a street's name and the number of the house. Source: as of the leading types. */
export const trailingTypes = setOf(
  'utca utja útja út tér tere körút krt sokak sokağı caddesi bulvarı straße strasse straat weg platz allee plein ulica ' +
    'ulice cesta tänav puiestee katu tie gata gatan gade vej vei veg',
)

/** The same, of words that mean much else beside: they need something around them that an address has. */
export const commonStreetTypes = setOf(
  'drive dr court ct way place pl square sq squares circle cir park gardens gdns grove hill rise walk row yard view ' +
    'trail trl loop alley aly pike plaza green gate wharf quay path bend crossing run ridge heights mall center creek ',
)

/** Words before a street's name. Source: the forms of address of the Universal Postal Union, by country. */
export const leadingTypes = setOf(
  'rue rua rúa calle avenida avda ulica ul улица ул проспект пр-т aleja viale piazza piazzale corso vicolo boulevard ' +
    'travessa avenue estrada praça carrer plaça rambla passeig chemin impasse quai praceta alameda calea strada bulevardul',
)
export const commonLeadingTypes = setOf(
  'via av cours place route allée allee largo plaza paseo camino carrera square praia al r c pl cl',
)

/** Ends of names that are one word with the type: German, Dutch, Nordic, Finnish, Hungarian. */
const endings = (
  'straße strasse gasse straat gracht dreef vägen gatan gränd torget veien vegen vej stræde stræti vegur katu kuja polku ' +
  'utca -platz -allee -weg -ring -damm -ufer'
).split(' ')
/** The same, of words that names of two letters before them are not made of. */
const shortEndings =
  'str allee platz weg damm ufer laan plein singel plaats väg gata gaten bakken vei veg braut hlíð göte plads'.split(
    ' ',
  )
const typeEnding = new RegExp(`\\p{L}{2}(?:${endings.join('|')}|\\p{L}(?:${shortEndings.join('|')}))$`, 'iu')
/** All ways to write some letters: `ſ` is an `s`, as to the pattern. */
const spellings = (letters: string): string[] =>
  [...letters].reduce(
    (written, letter) => written.flatMap(w => (letter === 's' ? [`${w}s`, `${w}ſ`] : [w + letter])),
    [''],
  )
/** The last three letters of them all, by which most words are told apart. */
const lastThree = new Set([...endings, ...shortEndings].flatMap(ending => spellings(ending.slice(-3))))

/** True for a word, in small letters, that has the type of its street in it. */
export const endsInType = (word: string) => lastThree.has(word.slice(-3)) && typeEnding.test(word)

/** Words within a name that are written small. */
export const connectors = setOf(
  'a al and at da das de degli dei del della delle den der des di do dos du e el en het la las le les los of on of op ' +
    'sur the ten ter und van vom von y z zu zum zur á à',
)

/** A part of a building. Source: USPS Publication 28, appendix C2, with Flat. */
export const partWords = setOf('apt apartment suite ste unit flat room rm floor fl bldg building')

/** Words before the numbers of boxes and military units, which are no houses. */
export const boxWords = setOf('box psc')
