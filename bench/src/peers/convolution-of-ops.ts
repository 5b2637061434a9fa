import {
  conv2dInputGradientOp,
  conv2dOp,
  prepareFilterOp,
  prepareRotatedFilterOp,
  runOp,
} from "@bn-only/frozen-layers";
import { keep, randomNormal, type Tensor } from "@tensorflow/tfjs-core";
import { compute } from "../compute.ts";
import { CHANNELS, type Peer, SIDE } from "./peer.ts";

/** Both passes of the convolution on the current backend of tfjs: its own kernels of them, or tfjs's. */
export function convolutionOfOps(batchSize: number): Peer["works"] {
  const geometry = {
    filterShape: [3, 3, CHANNELS, CHANNELS],
    stride: 1,
    padding: 1,
    groups: 1,
  } as const;
  const inputShape = [batchSize, SIDE, SIDE, CHANNELS];
  const input = randomNormal(inputShape);
  const filter = randomNormal([...geometry.filterShape]);
  const forward = runOp(prepareFilterOp, { filter }, geometry).prepared;
  const rotated = runOp(prepareRotatedFilterOp, { filter }, geometry).prepared;
  [input, forward, rotated].forEach((tensor) => keep(tensor));
  const finish = (output: Tensor): void => {
    compute(output);
    output.dispose();
  };
  return {
    convolution: () => finish(runOp(conv2dOp, { input, prepared: forward }, geometry).output),
    "its input gradient": () =>
      finish(
        runOp(
          conv2dInputGradientOp,
          { outputGradient: input, prepared: rotated },
          { ...geometry, inputShape },
        ).inputGradient,
      ),
  };
}
