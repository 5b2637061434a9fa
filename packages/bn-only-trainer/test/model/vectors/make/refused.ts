import { headerRows } from "./refused-headers.ts";
import { tensorRows } from "./refused-tensors.ts";
import type { Vector } from "./vector.ts";

/** Name, rule, what it is, part of our message, bytes; and whether the reference implementation reads it all the same. */
export type Row = readonly [
  name: string,
  rule: string,
  about: string,
  message: string,
  bytes: Uint8Array,
  safetensors?: true,
];

/** Files that break a rule of the format, or hold what is not read. */
export const refusedVectors: readonly Vector[] = [...headerRows, ...tensorRows].map(
  ([name, rule, about, message, bytes, safetensors = false]) => ({
    kind: "invalid",
    name,
    about,
    bytes,
    safetensors,
    stage: "file",
    refused: { rule, message },
  }),
);
