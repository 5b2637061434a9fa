// All weights of every initialiser, in whatever engine runs this: no tfjs, no network, no module loader.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { batchNormInitializers } from "../../src/initializers/batch-norm.ts";
import { biasUniform, weightInitializers } from "../../src/initializers/weights.ts";
import { randomStream } from "../../src/random/stream.ts";

/** A line for each kind of number: its name and the SHA-256 of its bits. */
export function report(): string {
  const lines: string[] = [];
  const add = (name: string, values: Float32Array | Float64Array | Uint32Array): void => {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    lines.push(`${name} ${bytesToHex(sha256(bytes))}`);
  };
  const stream = randomStream(2 ** 40 + 5, "größe/γ");
  add("words", stream.words(1_000_003));
  add("uniform", stream.uniform(1_000_003));
  add("normal", stream.normal(1_000_003));
  const kernel = { size: 3 * 3 * 64 * 64, fanIn: 576, stream };
  for (const [name, initialize] of Object.entries(weightInitializers)) {
    add(name, initialize(kernel));
    add(`${name}, wide`, initialize({ size: 16 * 96, fanIn: 16, stream }));
  }
  for (const [name, { gamma, beta }] of Object.entries(batchNormInitializers)) {
    add(`gamma, ${name}`, gamma(1000, stream));
    add(`beta, ${name}`, beta(1000));
  }
  add("bias", biasUniform({ size: 1000, fanIn: 77, stream }));
  return lines.join("\n");
}
