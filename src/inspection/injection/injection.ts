import { model } from './model.ts'
import { strongestWindow } from './windows.ts'

const { scale, bias, weights } = model

/** The score from which a text is reported: few in a hundred harmless texts reach it. */
export const injectionThreshold = model.threshold

/**
 * How likely it is that a text holds orders to a model that go against those it has: 0 to 1, of the window of words
 * that looks most like it. A text in its normal form hides least. Linear, never throws.
 */
export const scoreInjection = (text: string): number =>
  1 / (1 + Math.exp(-(strongestWindow(text, weights) * scale + bias)))
