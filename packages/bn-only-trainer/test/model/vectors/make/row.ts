import type { StoredTensor } from "../../../../src/index.ts";

export type Contents = { metadata: Map<string, string>; tensors: Map<string, StoredTensor> };

/** Name, rule, what it is, part of our message, and what makes the file so. */
export type Row = readonly [
  name: string,
  rule: string,
  about: string,
  message: string,
  change: (file: Contents) => unknown,
];

export const field =
  (key: string, value: string) =>
  ({ metadata }: Contents): unknown =>
    metadata.set(key, value);
