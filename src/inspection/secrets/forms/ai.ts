import { alphanumeric, formsOf, hex, url64, uuid } from '../form.ts'

/** Keys of model providers and of the services around them. Source: the API references of each. */
export const aiForms = formsOf('secret_provider_key', [
  /** The middle is "OpenAI" in base64. */
  ['OpenAI', 'sk-', `(?:${alphanumeric}{20}|(?:proj|svcacct|admin|None)-${url64}{20,90})T3BlbkFJ${url64}{20,90}`],
  ['Anthropic', 'sk-ant-', `(?:api|admin|oat|ort|sid)\\d\\d-${url64}{80,120}`],
  ['OpenRouter', 'sk-or-v1-', `${hex}{64}`],
  ['DeepSeek, DashScope', 'sk-', `${hex}{32}`],
  ['Moonshot, Stability', 'sk-', `${alphanumeric}{48}`],
  ['Langfuse', 'sk-lf-', uuid],
  ['ElevenLabs', 'sk_', `${hex}{48}`],
  ['Groq', 'gsk_', `${alphanumeric}{52}`],
  ['Hugging Face', 'hf_ api_org_', `${alphanumeric}{34}`],
  ['Replicate', 'r8_', `${alphanumeric}{37}`],
  ['Perplexity', 'pplx-', `${alphanumeric}{48}`],
  ['xAI', 'xai-', `${alphanumeric}{80}`],
  ['Together', 'tgp_v1_', `${url64}{43}`],
  ['Fireworks', 'fw_', `${alphanumeric}{22,24}`],
  ['NVIDIA', 'nvapi-', `${url64}{60,70}`],
  ['Cerebras', 'csk-', `${alphanumeric}{48}`],
  ['Voyage', 'pa-', `${url64}{43}`],
  ['LangSmith', 'lsv2_pt_ lsv2_sk_', `${hex}{32}_${hex}{10}`],
  ['Pinecone', 'pcsk_', `${alphanumeric}{5,6}_${alphanumeric}{60,66}`],
  ['Tavily', 'tvly-', `(?:dev-|prod-)?${alphanumeric}{32}`],
  ['Jina', 'jina_', `${url64}{60}`],
  ['E2B', 'e2b_', `${hex}{40}`],
  ['Weights & Biases', 'wandb_v1_', `${url64}{40,100}`],
  ['Firecrawl', 'fc-', `${hex}{32}`],
])
