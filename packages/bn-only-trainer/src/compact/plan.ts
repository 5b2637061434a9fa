import type { Layer } from "@bn-only/frozen-layers";
import type { Channel, Feature } from "./feature.ts";
import type { Trace } from "./trace.ts";

/** For each convolution with a margin: the position of the input that speaks for the constants that go. */
export type Carriers = ReadonlyMap<Layer, number>;

/**
 * Decides which features stay, by marking them as needed: those that any layer reads while they vary, carriers, and as many of every layer as
 * it has to keep. Next to a margin of zeros a constant is none: fewer of its weights count there. Any other constant there
 * differs from it by a factor only, so one of them may stay and carry the others in its weights: exactly, at any
 * image size, and without a layer of a new kind.
 *
 * @param multiple of which each layer keeps one, as long as it has so many
 */
export function planPruning({ reads, features }: Trace, multiple: number): Carriers {
  for (const channels of reads.values()) {
    for (const { feature, constant } of channels) if (constant === undefined) feature.need();
  }
  const carriers = new Map<Layer, number>();
  for (const [layer, channels] of reads) {
    const { padding = 0 } = layer.options as { padding?: number };
    if (padding === 0 || !channels.some(goesWithValue)) continue;
    const carrier = carrierOf(channels);
    channels[carrier]!.feature.need();
    carriers.set(layer, carrier);
  }
  for (const layer of reads.keys()) keepMultiple(features.get(layer)!, multiple);
  return carriers;
}

/** At least one, and where there are not as many, all. */
function keepMultiple(outputs: readonly Feature[], multiple: number): void {
  const stay = Math.max(1, outputs.filter(({ needed }) => needed).length);
  const wanted = Math.min(outputs.length, Math.ceil(stay / multiple) * multiple);
  for (const feature of outputs) {
    if (outputs.filter(({ needed }) => needed).length >= wanted) return;
    feature.need();
  }
}

function goesWithValue({ feature, constant }: Channel): boolean {
  return !feature.needed && constant !== 0;
}

/** How much smaller than the largest one a carrier may be: its weights grow by the inverse. */
const SMALLEST_CARRIER = 1e-3;

/** One that stays anyway where there is one, else that of the largest value. */
function carrierOf(channels: readonly Channel[]): number {
  const sizes = channels.map(({ constant = 0 }) => Math.abs(constant));
  const largest = Math.max(...sizes);
  const staying = sizes.map((size, i) => (channels[i]!.feature.needed ? size : 0));
  const best = Math.max(...staying);
  return best >= SMALLEST_CARRIER * largest ? staying.indexOf(best) : sizes.indexOf(largest);
}
