/** Codes of `bits` bits each, packed without gaps, the first in the lowest bits. */
export function packBits(codes: ArrayLike<number>, bits: number): Uint8Array {
  const packed = new Uint8Array(packedLength(codes.length, bits));
  for (let i = 0; i < codes.length; i++) {
    for (let bit = 0; bit < bits; bit++) {
      const at = i * bits + bit;
      packed[at >> 3]! |= ((codes[i]! >> bit) & 1) << (at & 7);
    }
  }
  return packed;
}

export function unpackBits(packed: Uint8Array, count: number, bits: number): Uint16Array {
  const codes = new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    for (let bit = 0; bit < bits; bit++) {
      const at = i * bits + bit;
      codes[i]! |= ((packed[at >> 3]! >> (at & 7)) & 1) << bit;
    }
  }
  return codes;
}

export function packedLength(count: number, bits: number): number {
  return Math.ceil((count * bits) / 8);
}
