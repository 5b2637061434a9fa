import { batchNormCases, statisticsCases } from "./batch-norm-cases.ts";
import { batchNormTrainingCases } from "./batch-norm-training-cases.ts";
import type { ConformanceCase } from "./case.ts";
import { channelCases } from "./channel-cases.ts";
import { conv2dCases } from "./conv2d-cases.ts";
import { elementwiseCases } from "./elementwise-cases.ts";
import { headCases } from "./head-cases.ts";
import { optimizerCases } from "./optimizer-cases.ts";
import { globalPoolCases, poolCases } from "./pool-cases.ts";
import { sumCases } from "./sum-cases.ts";
import { typeCases } from "./type-cases.ts";

/** Every op on shapes that kernels get wrong, against its definition in float64. */
export function conformanceCases(): ConformanceCase[] {
  return [
    ...conv2dCases(),
    ...batchNormCases(),
    ...batchNormTrainingCases(),
    ...statisticsCases(),
    ...poolCases(),
    ...globalPoolCases(),
    ...headCases(),
    ...optimizerCases(),
    ...channelCases(),
    ...elementwiseCases(),
    ...sumCases(),
    ...typeCases(),
  ];
}

export { randomConformanceCases } from "./random-cases.ts";
export { checkGradients } from "./check-gradients.ts";
export { labelOf } from "../ops/op.ts";
export { layerCases } from "./layer-cases.ts";
export type { ConformanceCase } from "./case.ts";
export type { LayerCase } from "./layer-cases.ts";
