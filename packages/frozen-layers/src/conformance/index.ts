import { batchNormCases } from "./batch-norm-cases.ts";
import type { ConformanceCase } from "./case.ts";
import { conv2dCases } from "./conv2d-cases.ts";
import { headCases } from "./head-cases.ts";
import { poolCases } from "./pool-cases.ts";

/** Every op on shapes that kernels get wrong, against its definition in float64. */
export function conformanceCases(): ConformanceCase[] {
  return [...conv2dCases(), ...batchNormCases(), ...poolCases(), ...headCases()];
}

export type { ConformanceCase } from "./case.ts";
