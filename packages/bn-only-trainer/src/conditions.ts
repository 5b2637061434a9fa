import type { Selector } from "@bn-only/frozen-layers";
import { InvalidOptionError } from "./errors.ts";

/**
 * What trains, after arXiv 2003.00152: `bn` gamma and beta only, `head` the output layer,
 * `shortcut` the 1x1 shortcut convolutions, joined by `+`; `all` everything, `none` nothing.
 */
export type Condition =
  | "bn"
  | "all"
  | "head"
  | "bn+head"
  | "shortcut+head"
  | "bn+shortcut+head"
  | "none";

const selectors: Readonly<Record<Condition, Selector>> = {
  bn: "bn",
  all: "**",
  head: "head",
  "bn+head": ["bn", "head"],
  "shortcut+head": ["shortcut", "head"],
  "bn+shortcut+head": ["bn", "shortcut", "head"],
  none: [],
};

export const conditions: readonly Condition[] = Object.keys(selectors) as Condition[];

/** Selects the parameters that train under a condition of the paper. */
export function conditionSelector(condition: Condition): Selector {
  if (!Object.hasOwn(selectors, condition)) {
    throw new InvalidOptionError(
      `train: the condition "${condition}" does not exist. Choose one of ${conditions.join(", ")}.`,
    );
  }
  return selectors[condition];
}
