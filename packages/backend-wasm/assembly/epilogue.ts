// What a convolution does to pixels which it has just written, while they are in the cache: nothing, the
// statistics for the BatchNorm that follows, or the first pass of the gradient of the BatchNorm
// before it. The channels are a multiple of 16 in the two latter cases.
import { addStatistics, statisticsBytes } from "./batch-norm";
import { addGradientSums, gradientSumsBytes } from "./batch-norm-gradient";
import { ConvolveDirect as A } from "./generated/arguments";
import { NOTHING } from "./prologue";
import { arg } from "./simd";

const STATISTICS: usize = 1;
/** And the kinds of masks of batch-norm-gradient.ts behind it. */
const GRADIENT: usize = 2;

/** The chunk's slot, empty; 0 where there is no epilogue. Its arguments lie behind each other among a kernel's. */
export function emptySlot(epilogue: usize, chunk: i32, channels: usize): usize {
  const kind = arg(epilogue, 0);
  if (kind == NOTHING) return 0;
  const bytes = kind == STATISTICS ? statisticsBytes(channels) : gradientSumsBytes(channels);
  const slot = arg(epilogue, A.epilogueSlots - A.epilogueKind) + <usize>chunk * bytes;
  memory.fill(slot, 0, bytes);
  return slot;
}

/** Takes `pixels` pixels, which start `at` bytes after the start of the output, into the slot. */
export function finishPixels(
  epilogue: usize, output: usize, at: usize, pixels: usize, channels: usize, slot: usize,
): void {
  const kind = arg(epilogue, 0);
  if (kind == NOTHING) return;
  const written = output + at;
  if (kind == STATISTICS) {
    addStatistics(written, pixels, channels, slot);
    return;
  }
  const addend = arg(epilogue, A.epilogueAddend - A.epilogueKind);
  addGradientSums(
    kind - GRADIENT, written, addend ? addend + at : 0,
    arg(epilogue, A.epilogueInput - A.epilogueKind) + at,
    arg(epilogue, A.epilogueMask - A.epilogueKind) + at, written,
    pixels, channels, arg(epilogue, A.epilogueCoefficients - A.epilogueKind), slot,
  );
}
