import type { Batch } from "@bn-only/trainer";

/** Images as large as CIFAR's. */
export function randomBatch(size: number): Batch {
  return {
    size,
    images: Float32Array.from({ length: size * 3072 }, () => Math.random() * 2 - 1),
    labels: Int32Array.from({ length: size }, (_, i) => i % 10),
  };
}
