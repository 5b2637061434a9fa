import type { Random } from "./random.ts";

/** A parser of bytes, and what it promises. */
export interface Target {
  /** Well-formed files to start from, made on the spot. */
  readonly seeds: () => readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
  /** Parses. What it throws must be `typed`; a broken promise about the result is a plain Error. */
  readonly run: (bytes: Uint8Array) => unknown;
  /** Whether an error is one of the product's own. */
  readonly typed: (error: unknown) => boolean;
  /** Bytes that parsing `size` bytes may allocate; twice as much is a fault. */
  readonly limit: (size: number) => number;
  /** Changes that keep the file's structure: checksums, lengths, nesting. Default: none. */
  readonly structured?: readonly Mutation[];
  /** Makes right what a change of any kind makes wrong, so that it gets behind that check. Default: nothing. */
  readonly repair?: (bytes: Uint8Array) => Uint8Array;
}

/** Makes other bytes of some; `other` is another file of the corpus. */
export type Mutation = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

/** What can be wrong with one execution. */
export const faultKinds = ["crash", "hang", "untyped", "memory"] as const;
export type FaultKind = (typeof faultKinds)[number];
