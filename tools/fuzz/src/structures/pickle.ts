import { joined } from "../mutate.ts";
import type { Mutation } from "../target.ts";

/** Operations of the protocols 0 to 5 (Python's `pickletools`), of those that are read and of others. */
const operations = [
  ..."().0DFGIJKLMNPQRSTUVX]abceghijklopqrstu}",
  ...Array.from({ length: 0x99 - 0x80 }, (_, i) => String.fromCharCode(0x80 + i)),
].map((character) => character.charCodeAt(0));

const known = new Set(operations);

/** Another operation where one may be, or one more. */
export const changeOperation: Mutation = (bytes, random) => {
  // What is far from the beginning is data.
  const places = [...bytes.subarray(0, 400).keys()].filter((at) => known.has(bytes[at]!));
  if (places.length === 0) return bytes;
  const at = random.pick(places);
  const operation = random.pick(operations);
  if (random.below(3) > 0) return bytes.with(at, operation);
  return joined([bytes.subarray(0, at), Uint8Array.of(operation), bytes.subarray(at)]);
};
