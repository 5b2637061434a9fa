import {
  type Network,
  type Parameter,
  type PartialSelection,
  randomStream,
} from "@bn-only/frozen-layers";
import { InvalidOptionError } from "./errors.ts";

/**
 * The condition `random-<k>`: `k` randomly chosen convolution weights for every feature of BatchNorm, so that `random-2`
 * trains as many numbers as gamma and beta are: the baseline of arXiv 2003.00152 ("equivalent number of randomly
 * chosen parameters elsewhere"), whose code is not public. Gamma, beta and all other weights are frozen as they were drawn.
 *
 * Where convolutions have as many output channels as BatchNorm has features, these are `k` distinct inputs of each output
 * channel of each convolution, shortcuts included. Elsewhere, in a DenseNet, whose BatchNorm looks at the inputs of
 * convolutions, the same `k · F` weights for F features are spread evenly over the C output channels, in the order in which the layers
 * run: channel j from 0 trains `⌊(j + 1) · k · F / C⌋ − ⌊j · k · F / C⌋`. Which ones follows from the seed; see docs/init-v1.md.
 *
 * @throws InvalidOptionError for a network without convolutions or BatchNorm, and, when the positions are asked for, if a channel
 * has fewer weights.
 */
export function randomWeights(
  k: number,
  network: Pick<Network, "seed" | "parameters" | "buffers">,
): PartialSelection {
  const counts = weightsPerChannel(k, network);
  if (counts.size === 0) {
    throw new InvalidOptionError(
      `train: the condition "random-${k}" needs convolutions, and BatchNorm to count them by; this network lacks one of them. ` +
        `Choose another condition.`,
    );
  }
  return {
    select: (parameter) => counts.has(parameter),
    indices: (parameter) => {
      const { path, shape, size } = parameter;
      const perChannel = counts.get(parameter)!;
      const inputs = size / shape.at(-1)!;
      const most = Math.max(...perChannel);
      if (most > inputs) {
        throw new InvalidOptionError(
          `train: the condition "random-${k}" trains ${most} of the weights that lead to one output channel, and of those ` +
            `"${path}" has ${inputs}. Choose a smaller number, as in random-2.`,
        );
      }
      return randomPositions(perChannel, inputs, network.seed, `random-${k}/${path}`);
    },
  };
}

/** How many weights train of each output channel, for every kernel of which any do. */
function weightsPerChannel(
  k: number,
  { parameters, buffers }: Pick<Network, "parameters" | "buffers">,
): ReadonlyMap<Parameter, readonly number[]> {
  const kernels = parameters.filter(
    ({ role }) => role === "conv.kernel" || role === "shortcut.kernel",
  );
  const channels = kernels.reduce((sum, { shape }) => sum + shape.at(-1)!, 0);
  const features = buffers
    .filter(({ role }) => role === "bn.mean")
    .reduce((sum, { size }) => sum + size, 0);
  const upTo = (channel: number): number => Math.floor((channel * k * features) / channels);
  const counts = new Map<Parameter, readonly number[]>();
  let first = 0;
  for (const kernel of kernels) {
    const begin = first;
    const ofKernel = Array.from(
      { length: kernel.shape.at(-1)! },
      (_, i) => upTo(begin + i + 1) - upTo(begin + i),
    );
    first += ofKernel.length;
    if (ofKernel.some((count) => count > 0)) counts.set(kernel, ofKernel);
  }
  return counts;
}

/**
 * `counts[channel]` distinct inputs of each output channel, as positions in a kernel `[…, channels]`, ascending: the
 * first steps of a Fisher-Yates shuffle of the `inputs`, by the stream `(seed, name)`.
 */
function randomPositions(
  counts: readonly number[],
  inputs: number,
  seed: number,
  name: string,
): Int32Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const numbers = randomStream(seed, name).uniform(total);
  const positions = new Int32Array(total);
  let drawn = 0;
  counts.forEach((count, channel) => {
    // Of the shuffled order, only what is not in its own place.
    const moved = new Map<number, number>();
    for (let i = 0; i < count; i++) {
      const j = i + Math.floor(numbers[drawn]! * (inputs - i));
      const input = moved.get(j) ?? j;
      moved.set(j, moved.get(i) ?? i);
      positions[drawn++] = input * counts.length + channel;
    }
  });
  return positions.sort();
}
