const setOf = (words: string) => new Set(words.split(' '))

/** Words after a street's name. Source: USPS Publication 28, appendix C1, with the British and Hungarian ones. */
export const streetTypes = setOf(
  'street st str avenue ave av road rd boulevard blvd lane ln terrace ter crescent cres parkway pkwy highway hwy ' +
    'turnpike tpke expressway expy freeway fwy close mews esplanade esp utca utja útja körút krt sokak sokağı caddesi ' +
    'straße strasse straat ulica ulice cesta tänav katu gata gatan gade puiestee streets',
)

/** The same, of words that mean much else beside: they need something around them that an address has. */
export const commonStreetTypes = setOf(
  'drive dr court ct way place pl square sq squares circle cir park gardens gdns grove hill rise walk row yard view ' +
    'trail trl loop alley aly pike plaza green gate wharf quay path bend crossing run ridge heights mall center creek ' +
    'út tér tere weg platz allee plein tee vej vei veg tie',
)

/** Words before a street's name. Source: the forms of address of the Universal Postal Union, by country. */
export const leadingTypes = setOf(
  'rue rua rúa calle avenida avda ulica ul улица ул проспект пр-т aleja viale piazza piazzale corso vicolo boulevard ' +
    'travessa praça carrer plaça rambla passeig chemin impasse quai praceta alameda calea strada bulevardul',
)
export const commonLeadingTypes = setOf(
  'via avenue av cours place route allée allee largo plaza paseo camino carrera estrada square praia al r c pl cl',
)

/** Ends of names that are one word with the type: German, Dutch, Nordic, Finnish, Hungarian. */
export const typeEndings =
  /\p{L}{2}(?:stra(?:ß|ss)e|gasse|straat|gracht|dreef|vägen|gatan|gränd|torget|veien|vegen|vej|stræde|stræti|vegur|katu|kuja|polku|utca)$/iu
/** The same, where other words of other languages end so. */
export const commonTypeEndings =
  /\p{L}{2}(?:str|allee|platz|weg|ring|damm|ufer|laan|plein|singel|kade|plaats|väg|gata|gate|gaten|gade|bakken|vei|veg|tie|tee|braut|hlíð|göte|plads)$/iu

/** Words within a name that are written small. */
export const connectors = setOf(
  'a al and at da das de degli dei del della delle den der des di do dos du e el en het la las le les los of on of op ' +
    'sur the ten ter und van vom von y z zu zum zur á à',
)

/** A part of a building. Source: USPS Publication 28, appendix C2, with Flat. */
export const unitWords = setOf('apt apartment suite ste unit flat room rm floor fl bldg building')
