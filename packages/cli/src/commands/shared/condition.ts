import { type Condition, conditions, isCondition } from "@bn-only/trainer";
import { oneOf } from "../../options.ts";

export const conditionHelp: string =
  `what trains: ${conditions.join(", ")}; groups and paths joined by +, such as gamma+head or "stage3/**+head"; ` +
  `random-<k> for any k`;

/** A condition of the paper, any `random-<k>`, or groups and patterns of paths joined by `+`. */
export function parseCondition(name: string): Condition {
  return isCondition(name) ? name : oneOf("--condition", conditions)(name);
}
