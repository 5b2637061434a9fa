import { show } from "@bn-only/errors";
import { FrozenLayersError } from "../errors.ts";
import { assertParameters } from "../check.ts";
import type { Parameter, ParameterRole } from "./parameter.ts";

/** Scalar parameters of a network, in the columns of the paper's Table 1. */
export interface ParameterCounts {
  readonly total: number;
  /** gamma and beta of every BatchNorm, those of the stem and the shortcuts included. */
  readonly batchNorm: number;
  /** Kernel and bias of the output layer. */
  readonly output: number;
  /** Weights of the 1x1 shortcut convolutions, without their BatchNorm. */
  readonly shortcut: number;
}

/**
 * Counts numbers by role, whether they train or not; no value is needed.
 *
 * @throws FrozenLayersError for what is no list of parameters.
 */
export function countParameters(parameters: readonly Parameter[]): ParameterCounts {
  assertParameters("countParameters: parameters", parameters);
  return {
    total: countScalars(parameters),
    batchNorm: countScalars(parameters, "bn."),
    output: countScalars(parameters, "head."),
    shortcut: countScalars(parameters, "shortcut."),
  };
}

/** Scalars that train. */
export function countTrainable(parameters: readonly Parameter[]): number {
  assertParameters("countTrainable: parameters", parameters);
  return parameters.reduce((sum, { trainableSize }) => sum + trainableSize, 0);
}

/** Scalars of the parameters whose role starts with `prefix`; of all of them without one. */
export function countScalars(
  parameters: readonly Parameter[],
  prefix: ParameterRole | "bn." | "head." | "shortcut." | "" = "",
): number {
  assertParameters("countScalars: parameters", parameters);
  if (typeof prefix !== "string") {
    throw new FrozenLayersError(`countScalars: prefix must be a text, got ${show(prefix)}.`);
  }
  return parameters
    .filter(({ role }) => role.startsWith(prefix))
    .reduce((sum, { size }) => sum + size, 0);
}
