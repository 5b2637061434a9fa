import type { Network } from "@bn-only/frozen-layers";
import type { BatchSource } from "@bn-only/trainer";
import { tensor } from "@tensorflow/tfjs-core";
import { turn } from "../turn.ts";

/** The share of images whose class is among the five likeliest, from 0 to 1; of equal ones the first counts. */
export async function topFiveAccuracy(
  network: Network,
  source: BatchSource,
  signal: AbortSignal,
): Promise<number> {
  let hits = 0;
  for await (const { images, labels, size } of source.batches({ epoch: 0, batchSize: 64 })) {
    await turn(signal);
    const logits = network.predict(tensor(images, [size, ...source.inputShape], "float32"));
    const values = await logits.data<"float32">();
    logits.dispose();
    const classes = values.length / size;
    for (let i = 0; i < size; i++) {
      if (rankOf(labels[i]!, values.subarray(i * classes, (i + 1) * classes)) < 5) hits += 1;
    }
  }
  return hits / source.size;
}

/** How many classes come before one. */
function rankOf(label: number, logits: Float32Array): number {
  const own = logits[label]!;
  return logits.filter((value, i) => value > own || (value === own && i < label)).length;
}
