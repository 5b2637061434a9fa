import { arrays, batchSource } from "@bn-only/datasets";
import type { Network } from "@bn-only/frozen-layers";
import { probabilities } from "./look.ts";

/** What a network says about one picture of its size, `[side, side, 3]` bytes. */
export function classify(
  network: Network,
  { side, pixels }: { readonly side: number; readonly pixels: Uint8Array },
): Promise<Float32Array> {
  const picture = arrays({ images: pixels, labels: [0], shape: [side, side, 3], classes: ["?"] });
  const [batch] = [...batchSource(picture).batches({ epoch: 0, batchSize: 1 })];
  return probabilities(network, batch!.images);
}
