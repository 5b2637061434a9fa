/**
 * Philox4x32-10, the counter-based generator of Salmon et al., "Parallel random numbers: as easy as
 * 1, 2, 3" (SC 2011): ten rounds turn a 128-bit counter and a 64-bit key into four random words.
 * There is no state: word `i` of a stream is computed alone, in any order, in any worker.
 */

/** Upper word of the product of two words, the first one given by its halves. */
function upper(high: number, low: number, word: number): number {
  const l = word & 0xffff;
  const h = word >>> 16;
  const carry = (Math.imul(high, l) + (Math.imul(low, l) >>> 16)) | 0;
  const cross = ((carry & 0xffff) + Math.imul(low, h)) | 0;
  return (Math.imul(high, h) + (carry >>> 16) + (cross >>> 16)) | 0;
}

/**
 * Fills `out` with the words of consecutive blocks. Every step is one of 32-bit integers, for which engines
 * have an instruction each; two blocks at a time keep the processor busy while products are on their way.
 *
 * @param counter of the first block: four words, of which the first two count blocks, the lower half first
 * @param out of a length that is a multiple of 4
 */
export function philox4x32(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
  out: Uint32Array,
): void {
  // Constants of the function: those of a module are read from memory in every round.
  const multiplier0 = 0xd2511f53;
  const multiplier1 = 0xcd9e8d57;
  const high0 = multiplier0 >>> 16;
  const low0 = multiplier0 & 0xffff;
  const high1 = multiplier1 >>> 16;
  const low1 = multiplier1 & 0xffff;
  const weyl0 = 0x9e3779b9;
  const weyl1 = 0xbb67ae85;
  let low = counter[0] | 0;
  let high = counter[1] | 0;
  const stream2 = counter[2] | 0;
  const stream3 = counter[3] | 0;
  const key0 = key[0] | 0;
  const key1 = key[1] | 0;
  for (let at = 0; at < out.length; at += 8) {
    let [a0, a1, a2, a3] = [low, high, stream2, stream3];
    low = (low + 1) | 0;
    if (low === 0) high = (high + 1) | 0;
    let [b0, b1, b2, b3] = [low, high, stream2, stream3];
    low = (low + 1) | 0;
    if (low === 0) high = (high + 1) | 0;
    let k0 = key0;
    let k1 = key1;
    for (let round = 0; round < 10; round++) {
      const a4 = upper(high0, low0, a0) ^ a3 ^ k1;
      const b4 = upper(high0, low0, b0) ^ b3 ^ k1;
      a3 = Math.imul(multiplier0, a0);
      b3 = Math.imul(multiplier0, b0);
      a0 = upper(high1, low1, a2) ^ a1 ^ k0;
      b0 = upper(high1, low1, b2) ^ b1 ^ k0;
      a1 = Math.imul(multiplier1, a2);
      b1 = Math.imul(multiplier1, b2);
      a2 = a4;
      b2 = b4;
      k0 = (k0 + weyl0) | 0;
      k1 = (k1 + weyl1) | 0;
    }
    out[at] = a0;
    out[at + 1] = a1;
    out[at + 2] = a2;
    out[at + 3] = a3;
    if (at + 4 === out.length) return;
    out[at + 4] = b0;
    out[at + 5] = b1;
    out[at + 6] = b2;
    out[at + 7] = b3;
  }
}
