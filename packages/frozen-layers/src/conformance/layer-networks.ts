import { activation } from "../layers/activation.ts";
import { batchNorm } from "../layers/batch-norm.ts";
import { checkpointed } from "../layers/checkpointed.ts";
import { checkpointedSequential } from "../layers/checkpointed-sequential.ts";
import { concat } from "../layers/concat.ts";
import { conv2d } from "../layers/conv2d.ts";
import { dense } from "../layers/dense.ts";
import { flatten } from "../layers/flatten.ts";
import { gated } from "../layers/gated.ts";
import { identity } from "../layers/identity.ts";
import type { Layer } from "../layers/layer.ts";
import { pad } from "../layers/pad.ts";
import { averagePool, globalAveragePool, maxPool } from "../layers/pool.ts";
import { relu } from "../layers/relu.ts";
import { residual } from "../layers/residual.ts";
import { sequential } from "../layers/sequential.ts";
import { slice } from "../layers/slice.ts";

const head = (inputs: number): Layer => dense({ inputs, outputs: 3 });

const bnConv = (inputChannels: number, outputChannels: number, groups = 1): Layer =>
  sequential({
    bn: batchNorm(inputChannels),
    conv: conv2d({ inputChannels, outputChannels, groups, padding: 1, bias: true }),
  });

const squeeze = (channels: number): Layer =>
  sequential({
    pool: globalAveragePool(),
    down: dense({ inputs: channels, outputs: 2, role: "conv" }),
    up: dense({ inputs: 2, outputs: channels, role: "conv" }),
    sigmoid: activation("sigmoid"),
  });

/**
 * Every layer in a small network for images of 6x6x2. ReLU stands behind a convolution and not behind
 * a BatchNorm: a mean of zero puts too many kinks where the finite differences look.
 */
export const layerNetworks: Readonly<Record<string, () => Layer>> = {
  "conv, stride 2": () =>
    sequential({
      bn: batchNorm(2),
      conv: conv2d({ inputChannels: 2, outputChannels: 4, stride: 2, padding: 1 }),
      pool: globalAveragePool(),
      head: head(4),
    }),
  "grouped and depthwise convolutions": () =>
    sequential({
      lift: bnConv(2, 8),
      grouped: bnConv(8, 12, 4),
      depthwise: bnConv(12, 12, 12),
      pool: globalAveragePool(),
      head: head(12),
    }),
  "residual with a projection": () =>
    sequential({
      block: residual({
        body: {
          bn1: batchNorm(2),
          conv: conv2d({ inputChannels: 2, outputChannels: 4, padding: 1 }),
          bn2: batchNorm(4),
        },
        shortcut: sequential({
          conv: conv2d({ inputChannels: 2, outputChannels: 4, kernelSize: 1, role: "shortcut" }),
          bn: batchNorm(4),
        }),
      }),
      flatten: flatten(),
      head: head(4 * 36),
    }),
  "residual with the identity": () =>
    sequential({
      lift: bnConv(2, 4),
      block: residual({
        body: {
          conv: conv2d({ inputChannels: 4, outputChannels: 4, padding: 1 }),
          bn: batchNorm(4),
        },
        shortcut: identity(),
      }),
      flatten: flatten(),
      head: head(4 * 36),
    }),
  "pre-activation residual": () =>
    sequential({
      lift: bnConv(2, 4),
      block: residual({ body: { first: bnConv(4, 4), second: bnConv(4, 4) } }),
      flatten: flatten(),
      head: head(4 * 36),
    }),
  "concat, pools": () =>
    sequential({
      branches: concat({
        a: bnConv(2, 3),
        b: sequential({ bn: batchNorm(2), pool: averagePool({ size: 3, stride: 1, padding: 1 }) }),
      }),
      max: maxPool({ size: 3, stride: 2, padding: 1 }),
      flatten: flatten(),
      head: head(5 * 9),
    }),
  "slice, pad": () =>
    sequential({
      lift: bnConv(2, 6),
      parts: concat({
        low: slice({ begin: [0, 0, 0], size: [6, 6, 2] }),
        high: sequential({
          cut: slice({ begin: [1, 0, 2], size: [5, 6, 4] }),
          pad: pad({ bottom: 1 }),
        }),
      }),
      flatten: flatten(),
      head: head(6 * 36),
    }),
  "squeeze and excite": () =>
    sequential({
      lift: bnConv(2, 4),
      gate: gated(squeeze(4)),
      flatten: flatten(),
      head: head(4 * 36),
    }),
  "relu of its own": () =>
    sequential({ lift: bnConv(2, 3), relu: relu(), flatten: flatten(), head: head(3 * 36) }),
  "relu6 of its own": () =>
    sequential({
      lift: bnConv(2, 3),
      relu6: activation("relu6"),
      flatten: flatten(),
      head: head(3 * 36),
    }),
  "batchNorm of vectors": () =>
    sequential({
      flatten: flatten(),
      hidden: dense({ inputs: 2 * 36, outputs: 6, bias: false, role: "conv" }),
      bn: batchNorm(6),
      block: residual({
        body: { dense: dense({ inputs: 6, outputs: 6, role: "conv" }), bn: batchNorm(6) },
      }),
      head: head(6),
    }),
  checkpointed: () =>
    sequential({ lift: checkpointed(bnConv(2, 3)), flatten: flatten(), head: head(3 * 36) }),
  checkpointedSequential: () =>
    sequential({
      lift: bnConv(2, 4),
      blocks: checkpointedSequential({ a: bnConv(4, 4), b: bnConv(4, 4), c: bnConv(4, 4) }),
      flatten: flatten(),
      head: head(4 * 36),
    }),
};
