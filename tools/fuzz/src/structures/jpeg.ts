import { joined, mutateInside } from "../mutate.ts";
import type { Mutation } from "../target.ts";

/** Pieces that begin with a marker each. */
function split(bytes: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (let at = 1; at + 1 < bytes.length; at++) {
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff || marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd7)) continue;
    pieces.push(bytes.subarray(from, at));
    from = at;
  }
  pieces.push(bytes.subarray(from));
  return pieces;
}

const changeSegment: Mutation = (bytes, random, other) => {
  const pieces = split(bytes);
  const at = random.below(pieces.length);
  const piece = pieces[at]!;
  const change = random.below(5);
  if (change === 0) pieces.splice(at, 1);
  else if (change === 1) pieces.splice(random.below(pieces.length), 0, piece);
  else if (change === 2) pieces.splice(at, 0, random.pick(split(other)));
  else if (piece.length > 4) {
    const inside = mutateInside(piece.subarray(4), random, other).subarray(0, 60_000);
    const head = piece.slice(0, 4);
    // Of a scan the length covers the header alone.
    if (head[1] !== 0xda) new DataView(head.buffer).setUint16(2, inside.length + 2);
    pieces[at] = joined([head, inside]);
  }
  return joined(pieces);
};

/** Another height, width, sampling or coding in the frame. */
const changeFrame: Mutation = (bytes, random) => {
  const result = bytes.slice();
  const at = split(result)
    .find((piece) => piece[0] === 0xff && piece[1]! >= 0xc0 && piece[1]! <= 0xc2)
    ?.subarray(0);
  if (at === undefined || at.length < 12) return bytes;
  const change = random.below(4);
  if (change === 0) at[1] = random.pick([0xc0, 0xc1, 0xc2]);
  else if (change === 1) at[random.pick([6, 8])] = random.below(random.below(10) > 0 ? 25 : 100);
  else if (change === 2) at[11] = random.pick([0x11, 0x12, 0x21, 0x22, 0x41, 0x14, 0x44, 0x31]);
  else at[9] = random.pick([1, 3, 4]);
  return result;
};

export const jpegMutations: readonly Mutation[] = [changeSegment, changeFrame];
