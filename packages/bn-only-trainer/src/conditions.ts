import { didYouMean, show } from "@bn-only/errors";
import { type Network, randomStream, type TrainableSelection } from "@bn-only/frozen-layers";
import { assertThat } from "./check.ts";
import { InvalidOptionError } from "./errors.ts";

/**
 * What trains, after arXiv 2003.00152: `bn` gamma and beta only, `gamma` or `beta` one of them, `head` the
 * output layer, `shortcut` the 1x1 shortcut convolutions, joined by `+`; `all` everything, `none`
 * nothing; `random-2` two randomly chosen weights of every output channel of every convolution, as
 * many as gamma and beta have where each convolution is followed by a BatchNorm.
 */
export type Condition = NamedCondition | `random-${number}`;

type NamedCondition =
  | "bn"
  | "gamma"
  | "beta"
  | "all"
  | "head"
  | "shortcut"
  | "bn+head"
  | "shortcut+head"
  | "bn+shortcut+head"
  | "none";

const selectors: Readonly<Record<NamedCondition, TrainableSelection>> = {
  bn: "bn",
  gamma: "bn.gamma",
  beta: "bn.beta",
  all: "**",
  head: "head",
  shortcut: "shortcut",
  "bn+head": ["bn", "head"],
  "shortcut+head": ["shortcut", "head"],
  "bn+shortcut+head": ["bn", "shortcut", "head"],
  none: [],
};

export const conditions: readonly Condition[] = [
  ...(Object.keys(selectors) as NamedCondition[]),
  "random-2",
];

/** Whether a condition of that name exists; any `random-<k>` does. */
export function isCondition(name: string): name is Condition {
  return (
    typeof name === "string" &&
    (Object.hasOwn(selectors, name) || /^random-[1-9]\d{0,3}$/.test(name))
  );
}

/**
 * What trains of a network under a condition of the paper.
 *
 * @throws InvalidOptionError for a condition that does not exist, or asks for more weights than there are.
 */
export function conditionSelection(
  condition: Condition,
  network: Pick<Network, "seed">,
): TrainableSelection {
  const seeded = Number.isSafeInteger((Object(network) as Partial<Network>).seed);
  assertThat(seeded, "conditionSelection: the network", "a Network", network);
  if (!isCondition(condition)) {
    throw new InvalidOptionError(
      `train: the condition ${show(condition)} does not exist${didYouMean(condition, conditions)} Choose one of ${conditions.join(", ")}.`,
    );
  }
  if (!condition.startsWith("random-")) return selectors[condition as NamedCondition];
  const count = Number(condition.slice("random-".length));
  return {
    select: ({ role }) => role === "conv.kernel" || role === "shortcut.kernel",
    indices: ({ path, shape, size, fanIn }) => {
      const channels = shape.at(-1)!;
      if (count > size / channels) {
        throw new InvalidOptionError(
          `train: the condition "${condition}" wants ${count} weights of every channel, "${path}" has ${fanIn}. ` +
            `Choose a smaller number.`,
        );
      }
      return randomPositions(
        count,
        size / channels,
        channels,
        network.seed,
        `${condition}/${path}`,
      );
    },
  };
}

/**
 * `count` distinct inputs of each output channel, as positions in a kernel `[…, channels]`, ascending: the
 * first steps of a Fisher-Yates shuffle of the `inputs`, by the stream `(seed, name)`.
 */
function randomPositions(
  count: number,
  inputs: number,
  channels: number,
  seed: number,
  name: string,
): Int32Array {
  const numbers = randomStream(seed, name).uniform(count * channels);
  const positions: number[] = [];
  for (let channel = 0; channel < channels; channel++) {
    const order = Array.from({ length: inputs }, (_, input) => input);
    for (let i = 0; i < count; i++) {
      const j = i + Math.floor(numbers[channel * count + i]! * (inputs - i));
      [order[i], order[j]] = [order[j]!, order[i]!];
      positions.push(order[i]! * channels + channel);
    }
  }
  return Int32Array.from(positions).sort();
}
