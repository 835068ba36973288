import { deepseek } from './deepseek.ts'
import { demo } from './demo.ts'
import { groq } from './groq.ts'
import { lmStudio } from './lm-studio.ts'
import { mistral } from './mistral.ts'
import { ollama } from './ollama.ts'
import { openai } from './openai.ts'
import { openrouter } from './openrouter.ts'
import type { Provider } from './provider.ts'
import { together } from './together.ts'
import { vllm } from './vllm.ts'

/** Every provider. Where two claim a model with the same pattern, the first that is configured has it. */
export const providers: readonly Provider[] = [
  openai,
  mistral,
  groq,
  together,
  deepseek,
  openrouter,
  ollama,
  vllm,
  lmStudio,
  demo,
]
