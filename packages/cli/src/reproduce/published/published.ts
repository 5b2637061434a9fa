import type { Condition } from "@bn-only/trainer";

/** How a published number came to be known, from the surest to the least sure. */
export type Certainty =
  | "stated"
  | "read off"
  | "partly hidden"
  | "read off a curve"
  | "second-hand"
  | "recalled";

/** For people. */
export const certainties: Readonly<Record<Certainty, string>> = {
  stated: "stated by its authors",
  "read off": "read off its figure within 0.5 points",
  "partly hidden": "read off its figure within 1 point, where another curve hides it",
  "read off a curve": "read off its curve within 1 point",
  "second-hand": "quoted by others",
  recalled: "recalled by readers, verified by nobody",
};

type Quantity = "accuracy" | "top-5 accuracy" | "share of |gamma| < 0.01";

/** One number that was published about *Training BatchNorm and Only BatchNorm*, arXiv 2003.00152. */
export interface PublishedValue {
  readonly quantity: Quantity;
  readonly network: string;
  readonly condition: Condition;
  /** The paper has a second initialisation of gamma and beta, which it does not name where it could be read. */
  readonly alternateInit?: true;
  /** In percent. */
  readonly value: number;
  /** The interval that the number lies in, as far as it is known; in percent. */
  readonly low: number;
  readonly high: number;
  readonly certainty: Certainty;
  readonly source: string;
}

/** What of a figure's runs a number was published about. */
export function findPublished(
  values: readonly PublishedValue[],
  wanted: Partial<PublishedValue>,
): PublishedValue[] {
  const names = Object.keys(wanted) as (keyof PublishedValue)[];
  return values.filter((value) => names.every((name) => value[name] === wanted[name]));
}
