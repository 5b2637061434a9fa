import type { StoredTensor } from "../../../../src/index.ts";

/** What reads a file, each after the one before: the format alone, the model's metadata, a network of the model. */
export type Stage = "file" | "model" | "network";

/** One file of the corpus, as `index.json` describes it. */
export interface Vector {
  /** Valid, valid but unusual, or to be refused; also the folder. */
  readonly kind: "valid" | "odd" | "invalid";
  readonly name: string;
  readonly about: string;
  readonly bytes: Uint8Array;
  /** Whether the reference implementation, `safetensors` 0.8.0 of PyPI, reads it. */
  readonly safetensors: boolean;
  /** The last stage that is to be tried, where reading succeeds; that which refuses, where it does not. */
  readonly stage: Stage;
  /** Which rule a file breaks, and part of our message. */
  readonly refused?: { readonly rule: string; readonly message: string };
  /** What is in a file of few numbers. */
  readonly tensors?: Readonly<Record<string, StoredTensor>>;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Of a network: logits of the images that the README describes. */
  readonly logits?: readonly (readonly number[])[];
}

/** A file of any header, text or bytes, followed by data. */
export function raw(header: string | Uint8Array, data: Uint8Array = new Uint8Array()): Uint8Array {
  const head = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + head.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(head.length), true);
  bytes.set(head, 8);
  bytes.set(data, 8 + head.length);
  return bytes;
}

export function floats(...values: number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

/** JSON of a tensor in a header. */
export function entry(
  shape: readonly number[],
  [begin, end]: readonly [number, number],
  dtype = "F32",
): string {
  return `{"dtype":"${dtype}","shape":[${shape.join(",")}],"data_offsets":[${begin},${end}]}`;
}
