import { batchNorm, dense, flatten, type Layer, sequential } from "@bn-only/frozen-layers";
import { type Architecture, defineArchitecture } from "../architecture.ts";
import { assertCheckpointedStages } from "../stages.ts";

/** What `mlp-<depth>-<width>` stands for; the width is the outputs of each hidden layer. */
export interface MlpConfiguration {
  /** Dense layers with a BatchNorm: depth − 1. */
  readonly hidden: number;
  readonly width: number;
}

/**
 * A multilayer perceptron: dense layers without bias, each followed by BatchNorm and ReLU, and an output
 * layer, which the depth counts too. The hidden kernels have the role `conv.kernel`. There are no stages
 * to checkpoint.
 */
export const mlp: Architecture<MlpConfiguration> = defineArchitecture({
  family: "mlp",
  grammar: "mlp-<depth>-<width> with a depth from 2 to 999",

  parse(name) {
    const match = /^mlp-([1-9]\d{0,2})-([1-9]\d{0,4})$/.exec(name);
    if (!match || match[1] === "1") return undefined;
    return { hidden: Number(match[1]) - 1, width: Number(match[2]) };
  },

  build({ hidden, width }, { inputShape, classes, checkpointedStages = 0 }) {
    assertCheckpointedStages(checkpointedStages, 0);
    const layers: Record<string, Layer> = { flatten: flatten() };
    let inputs = inputShape.reduce((product, length) => product * length, 1);
    for (let i = 1; i <= hidden; i++) {
      layers[`layer${i}`] = sequential({
        dense: dense({ inputs, outputs: width, bias: false, role: "conv" }),
        bn: batchNorm(width, { activation: "relu" }),
      });
      inputs = width;
    }
    return sequential({ ...layers, head: dense({ inputs, outputs: classes }) });
  },

  defaults: { inputShape: [32, 32, 3], classes: 10 },
  published: ["2-512", "4-512"].map((sizes) => ({
    name: `mlp-${sizes}`,
    source: "nothing published: a network without convolutions to compare with",
  })),
  paper: {
    title:
      "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift",
    url: "https://arxiv.org/abs/1502.03167",
  },
});
