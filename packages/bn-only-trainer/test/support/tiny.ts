import type { Network } from "@bn-only/frozen-layers";
import { createNetwork, type CreateNetworkOptions } from "@bn-only/resnet-zoo";
import { batchSource, synthetic } from "@bn-only/datasets";
import type { Batch, BatchSource } from "../../src/index.ts";

export const inputShape = [8, 8, 3] as const;

export function tinyNetwork(options: CreateNetworkOptions = {}): Network {
  return createNetwork("cifar-resnet-8", { seed: 1, inputShape, ...options });
}

export function tinyData(
  trainSize = 100,
  testSize = 50,
): { train: BatchSource; test: BatchSource } {
  const { train, test } = synthetic({
    trainSize,
    testSize,
    shape: inputShape,
    classes: 10,
    seed: 3,
  });
  return {
    train: batchSource(train, { shuffle: true, seed: 1 }),
    test: batchSource(test),
  };
}

export function firstBatch(source: BatchSource, batchSize: number): Batch {
  const [batch] = source.batches({ epoch: 0, batchSize }) as Iterable<Batch>;
  return batch!;
}

/** The bits of every parameter, by path. */
export function bitsOf(network: Network): Map<string, Uint32Array> {
  return new Map(
    network.parameters.map(({ path, value }) => {
      const values = value.dataSync<"float32">().slice();
      return [path, new Uint32Array(values.buffer)];
    }),
  );
}
