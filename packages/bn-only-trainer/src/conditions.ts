import { didYouMean, show } from "@bn-only/errors";
import {
  type Network,
  not,
  type Parameter,
  select,
  type Selector,
  SelectorError,
  type TrainableSelection,
} from "@bn-only/frozen-layers";
import { assertThat } from "./check.ts";
import { InvalidOptionError } from "./errors.ts";
import { randomWeights } from "./random-weights.ts";

/**
 * What trains, after arXiv 2003.00152:
 *
 * - `all` everything, `none` nothing, `all-but-bn` everything except gamma and beta, which stay as they were
 *   drawn: at 1 and 0 with the BatchNorm initialisation `fixed`, gamma at U[0, 1) with `uniform`;
 * - `bn` gamma and beta, `gamma` or `beta` one of them, `conv` the convolutions (their biases, and hidden dense
 *   layers, too), `shortcut` the 1x1 shortcut convolutions, `head` the output layer;
 * - several of these joined by `+`, and patterns of paths among them: `bn+head`, `stage3/**+head`;
 * - `random-<k>` so many randomly chosen convolution weights for every feature of BatchNorm. The paper's baseline
 *   is `random-2`, as many numbers as gamma and beta are; see `randomWeights`.
 *
 * What does not train stays as it was drawn from the seed.
 */
export type Condition = "all" | "all-but-bn" | "none" | `random-${number}` | Joined | Pattern;

type Group = "bn" | "gamma" | "beta" | "conv" | "shortcut" | "head";
type Joined = Group | `${Group}+${Group}` | `${Group}+${Group}+${Group}`;
type Pattern = `${string}/${string}`;

const groups: Readonly<Record<Group, string>> = {
  bn: "bn",
  gamma: "bn.gamma",
  beta: "bn.beta",
  conv: "conv",
  shortcut: "shortcut",
  head: "head",
};

/** The conditions of the paper, and gamma and beta apart. */
export const conditions: readonly Condition[] = [
  "bn",
  "gamma",
  "beta",
  "all",
  "all-but-bn",
  "head",
  "shortcut",
  "bn+head",
  "shortcut+head",
  "bn+shortcut+head",
  "none",
  "random-2",
];

/** Whether a condition of that name exists; any `random-<k>` does, and any groups and patterns of paths joined by `+`. */
export function isCondition(name: string): name is Condition {
  return typeof name === "string" && name.length <= LONGEST && parse(name) !== undefined;
}

/** What a run folder and a model file can note of it. */
const LONGEST = 200;

/**
 * What trains of a network under a condition of the paper.
 *
 * @throws InvalidOptionError for a condition that does not exist, names nothing of the network, or asks for more weights
 * than there are.
 */
export function conditionSelection(
  condition: Condition,
  network: Pick<Network, "seed" | "parameters" | "buffers">,
): TrainableSelection {
  const { seed, parameters, buffers } = Object(network) as Partial<Network>;
  const fits = Number.isSafeInteger(seed) && Array.isArray(parameters) && Array.isArray(buffers);
  assertThat(fits, "conditionSelection: the network", "a Network", network);
  const parsed = isCondition(condition) ? parse(condition) : undefined;
  if (parsed === undefined) {
    throw new InvalidOptionError(
      `train: the condition ${show(condition)} does not exist${didYouMean(condition, conditions)} Choose one of ` +
        `${conditions.join(", ")}, or join groups (${Object.keys(groups).join(", ")}) and paths such as "stage3/**" by "+".`,
    );
  }
  if (typeof parsed === "number") return randomWeights(parsed, network);
  assertMatches(condition, parsed, parameters!);
  return parsed;
}

/** @throws InvalidOptionError where a part of a condition names nothing of the network. */
function assertMatches(
  condition: string,
  selector: Selector,
  parameters: readonly Parameter[],
): void {
  try {
    select(parameters, selector);
  } catch (error) {
    if (!SelectorError.isInstance(error)) throw error;
    throw new InvalidOptionError(
      `train: the condition ${show(condition)} names "${error.selector}", which matches no parameter of this network. ` +
        `Name groups (${Object.keys(groups).join(", ")}) that it has, or paths such as "${parameters[0]?.path}".`,
      { cause: error },
    );
  }
}

/** A selection, or the k of `random-<k>`. */
function parse(condition: string): Selector | number | undefined {
  if (condition === "all") return "**";
  if (condition === "none") return [];
  if (condition === "all-but-bn") return not("bn");
  const random = /^random-([1-9]\d{0,3})$/.exec(condition);
  if (random) return Number(random[1]);
  const parts = condition.split("+");
  const known = parts.every((part) => Object.hasOwn(groups, part) || /^[^+]*\/[^+]*$/.test(part));
  return known ? parts.map((part) => groups[part as Group] ?? part) : undefined;
}
