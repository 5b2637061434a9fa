// What a convolution does to pixels while it reads them: nothing, or the last pass of the BatchNorm
// whose result it takes. The channels are a multiple of 16 in the latter case.
import { apply } from "./batch-norm";
import { ConvolveDirect as A } from "./generated/arguments";
import { inputPlain, inputRecomputed } from "./batch-norm-gradient";
import { arg } from "./simd";

export const NOTHING: usize = 0;
/** (x − mean) · scale + beta. */
const NORMALISE: usize = 1;
export const NORMALISE_RELU: usize = 2;
/** p · g + q · (x − mean) + r. */
export const GRADIENT: usize = 3;
const GRADIENT_MASKED: usize = 4;

/**
 * Writes `pixels` pixels to `to`. The prologue's arguments lie behind each other among a
 * kernel's: its kind, the way from g to x in the memory for a gradient, coefficients as the BatchNorm
 * kernels take them.
 */
export function readPixels(
  prologue: usize, from: usize, to: usize, pixels: usize, channels: usize,
): void {
  const kind = arg(prologue, 0);
  const x = from + arg(prologue, A.prologueOffset - A.prologueKind);
  const coefficients = arg(prologue, A.prologueCoefficients - A.prologueKind);
  if (kind == NORMALISE_RELU) apply(true, from, 0, to, pixels, channels, coefficients);
  else if (kind == NORMALISE) apply(false, from, 0, to, pixels, channels, coefficients);
  else if (kind == GRADIENT_MASKED) inputRecomputed(from, x, to, pixels, channels, coefficients);
  else if (kind == GRADIENT) inputPlain(from, x, to, pixels, channels, coefficients);
  else memory.copy(to, from, pixels * channels * 4);
}
