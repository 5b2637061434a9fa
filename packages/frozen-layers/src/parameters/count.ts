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

export function countParameters(parameters: readonly Parameter[]): ParameterCounts {
  return {
    total: countScalars(parameters),
    batchNorm: countScalars(parameters, "bn."),
    output: countScalars(parameters, "head."),
    shortcut: countScalars(parameters, "shortcut."),
  };
}

/** Scalars that train. */
export function countTrainable(parameters: readonly Parameter[]): number {
  return parameters.reduce((sum, { trainableSize }) => sum + trainableSize, 0);
}

/** Scalars of the parameters whose role starts with `prefix`; of all of them without one. */
export function countScalars(
  parameters: readonly Parameter[],
  prefix: ParameterRole | "bn." | "head." | "shortcut." | "" = "",
): number {
  return parameters
    .filter(({ role }) => role.startsWith(prefix))
    .reduce((sum, { size }) => sum + size, 0);
}
