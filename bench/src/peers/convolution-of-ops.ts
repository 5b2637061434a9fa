import type { Tensor } from "@tensorflow/tfjs-core";
import { compute } from "../compute.ts";
import { convolutionPasses } from "../convolution-passes.ts";
import { CHANNELS, type Peer, SIDE } from "./peer.ts";

/** Both passes of the convolution on the current backend of tfjs: its own kernels of them, or tfjs's. */
export function convolutionOfOps(batchSize: number): Peer["works"] {
  const { forward, inputGradient } = convolutionPasses([batchSize, SIDE, SIDE, CHANNELS], {
    filterShape: [3, 3, CHANNELS, CHANNELS],
    stride: 1,
    padding: 1,
    groups: 1,
  });
  const finish = (output: Tensor): void => {
    compute(output);
    output.dispose();
  };
  return {
    convolution: () => finish(forward()),
    "its input gradient": () => finish(inputGradient()),
  };
}
