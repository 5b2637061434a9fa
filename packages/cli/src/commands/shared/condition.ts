import { type Condition, conditions, isCondition } from "@bn-only/trainer";
import { oneOf } from "../../options.ts";

/** A condition of the paper; any `random-<k>` is one. */
export function parseCondition(name: string): Condition {
  return isCondition(name) ? name : oneOf("--condition", conditions)(name);
}
