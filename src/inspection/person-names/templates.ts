/** What is known of a token and of those around it; words and their letters as hashes. */
const facts = [
  ...(['none', 'word', 'head', 'tail2', 'tail3', 'tail4', 'shape', 'form', 'own', 'opens', 'length'] as const),
  ...(['word-3', 'word-2', 'word-1', 'word+1', 'word+2', 'word+3', 'before', 'after'] as const),
  ...(['kind-1', 'kind+1', 'classes-2', 'classes+2', 'shapesBefore', 'shapesAfter'] as const),
]
type Fact = (typeof facts)[number]

/** The place of each fact. */
export const factAt = Object.fromEntries(facts.map((fact, i) => [fact, i])) as Record<Fact, number>
export const factCount = facts.length

/** A feature: its number, which its hash begins with, and the facts that it joins. The model was trained with these. */
type Template = readonly [number: number, first: Fact, second?: Fact, third?: Fact]

/** Features known by one token alone, kept apart so that training can hide what a rare name would not have. */
const ofOwnWord: readonly Template[] = [
  [1, 'word'],
  [2, 'word', 'form', 'opens'],
  [3, 'head', 'form'],
  [4, 'tail2', 'form'],
  [5, 'tail3', 'form'],
  [6, 'tail4', 'form'],
]
export const ownWordFeatures = ofOwnWord.length

export const templates: readonly Template[] = [
  ...ofOwnWord,
  [10, 'form'],
  [11, 'form', 'own', 'opens'],
  [12, 'own', 'form', 'kind-1'],
  [13, 'own', 'form', 'kind+1'],
  [14, 'form', 'kind-1', 'kind+1'],
  [15, 'word-1', 'form'],
  [16, 'word+1', 'form'],
  [17, 'word-1', 'own', 'form'],
  [18, 'word+1', 'own', 'form'],
  [19, 'word-2', 'form'],
  [20, 'word+2', 'form'],
  [21, 'word-1', 'word-2', 'shape'],
  [22, 'word+1', 'word+2', 'shape'],
  [23, 'word-1', 'word+1', 'shape'],
  [24, 'before', 'after', 'form'],
  [25, 'before', 'own', 'form'],
  [26, 'after', 'own', 'form'],
  [27, 'shapesBefore', 'shapesAfter', 'form'],
  [28, 'classes-2', 'classes+2', 'own'],
  [29, 'length', 'own', 'form'],
  [30, 'word-1', 'kind+1', 'form'],
  [31, 'word+1', 'kind-1', 'form'],
  [32, 'word-3', 'form'],
  [33, 'word+3', 'form'],
]
