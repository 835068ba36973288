import { readFileSync } from 'node:fs'
import { featureCount } from './features.ts'

/** A file of weights: three 32-bit floats, little-endian (scale, bias, threshold), then a signed byte a feature. */
export const headerBytes = 12

const file = readFileSync(new URL('weights.bin', import.meta.url))
const header = new DataView(file.buffer, file.byteOffset, headerBytes)

/** Made by `scripts/train-injection.ts`. A weight is its byte times `scale`. */
export const model = {
  scale: header.getFloat32(0, true),
  bias: header.getFloat32(4, true),
  threshold: header.getFloat32(8, true),
  weights: new Int8Array(file.buffer, file.byteOffset + headerBytes, featureCount),
}
