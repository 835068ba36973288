/** Compiles names, exact or with a last `*` for any ending, into one test. */
export function matcherOf(patterns: readonly string[]): (name: string) => boolean {
  if (patterns.includes('*')) return () => true
  const exact = new Set(patterns.filter(pattern => !pattern.endsWith('*')))
  const prefixes = patterns.filter(pattern => pattern.endsWith('*')).map(pattern => pattern.slice(0, -1))
  return function matches(name) {
    return exact.has(name) || prefixes.some(prefix => name.startsWith(prefix))
  }
}
