import { add } from "@tensorflow/tfjs-core";
import type { ReferenceKernel } from "../../ops/op.ts";
import type { sumOp } from "../../ops/sum.ts";

export const sumReference: ReferenceKernel<typeof sumOp> = ({ a, b }) => ({ output: add(a, b) });
