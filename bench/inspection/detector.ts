// A module for scorers: everything on, and warm as the proxy is once it takes calls.
import { detectIn, normalFormOf } from '../../src/inspection/detect.ts'
import { scoreInjection } from '../../src/inspection/injection/injection.ts'
import { warmUp } from '../../src/inspection/warm-up.ts'

await warmUp(500)

export function detect(text: string) {
  const normal = normalFormOf([text])
  return { findings: detectIn(normal), injection: scoreInjection(normal.text) }
}
