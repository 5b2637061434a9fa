import { disposingOnError, type Layer, type Network } from "@bn-only/frozen-layers";
import {
  cast,
  equal,
  reshape,
  sum,
  tensor,
  type Tensor,
  type Tensor1D,
  tidy,
} from "@tensorflow/tfjs-core";
import { assertNames, assertSignal } from "../check.ts";
import { numbersOf } from "../compact/numbers.ts";
import { assertOptions, whole } from "../options.ts";
import { pause } from "../pause.ts";
import { readBatches } from "../read-batches.ts";
import type { Batch, BatchSource } from "../types.ts";
import { assertSource } from "../validate.ts";

/** Options of `zeroOutputs`. An abort rejects with the signal's reason. */
export interface ZeroOutputsOptions {
  /** Images at a time; the result does not depend on it. Default 256. */
  readonly batchSize?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * How often each feature is switched off: by the path of every layer that ends in a ReLU, the share of
 * exact zeros among its outputs over all images and pixels, for each channel. 1 is a dead channel (arXiv
 * 2003.00152, section 5). Running statistics normalise; nothing of the network changes.
 *
 * @throws InvalidOptionError when the data do not fit the network, and where a number of it is not finite.
 */
export async function zeroOutputs(
  network: Network,
  source: BatchSource,
  options: ZeroOutputsOptions = {},
): Promise<ReadonlyMap<string, Float64Array>> {
  assertNames("zeroOutputs", options, { batchSize: true, signal: true });
  const { batchSize = 256, signal } = options;
  assertSignal("zeroOutputs", signal);
  assertOptions("zeroOutputs", { batchSize }, { batchSize: whole });
  assertSource(network, source, "test");
  await numbersOf(network);
  const zeros = new Map<string, { counts: Float64Array; seen: number }>();
  for await (const batch of readBatches(network, source, { epoch: 0, batchSize }, { signal })) {
    signal?.throwIfAborted();
    const counts = disposingOnError(() => countBatch(network, batch));
    try {
      for (const [path, { zeros: perChannel, pixels }] of counts) {
        const values = await perChannel.data();
        const entry = zeros.get(path) ?? { counts: new Float64Array(values.length), seen: 0 };
        values.forEach((count, channel) => (entry.counts[channel]! += count));
        entry.seen += pixels;
        zeros.set(path, entry);
      }
    } finally {
      counts.forEach(({ zeros: perChannel }) => perChannel.dispose());
    }
    await pause();
  }
  return new Map([...zeros].map(([path, { counts, seen }]) => [path, counts.map((n) => n / seen)]));
}

interface BatchZeros {
  readonly zeros: Tensor1D;
  /** That each channel has in the batch. */
  readonly pixels: number;
}

function countBatch(network: Network, batch: Batch): Map<string, BatchZeros> {
  const counts = new Map<string, BatchZeros>();
  const observe = (layer: Layer, output: Tensor): void => {
    if (!endsInRelu(layer)) return;
    const pixels = output.size / output.shape.at(-1)!;
    counts.set(layer.path, { zeros: countZeros(output), pixels });
  };
  const inputs = tensor(batch.images, [batch.size, ...network.inputShape]);
  network.predict(inputs, observe).dispose();
  return counts;
}

/** A block tells what its join tells, so the innermost layers are enough. */
function endsInRelu({ activation, children }: Layer): boolean {
  return activation !== undefined && Object.keys(children).length === 0;
}

/** Exact as long as a channel has fewer than 2²⁴ pixels in a batch. */
function countZeros(output: Tensor): Tensor1D {
  const channels = output.shape.at(-1)!;
  return tidy(() => sum(cast(equal(reshape(output, [-1, channels]), 0), "float32"), 0));
}
