import {
  activation,
  batchNorm,
  conv2d,
  dense,
  gated,
  globalAveragePool,
  Network,
  residual,
  sequential,
} from "@bn-only/frozen-layers";

/** Chains that end in a convolution and begin with one, and a BatchNorm inside a gate. */
export function chainsInChains(seed: number): Network {
  const conv = (inputChannels: number, bias = false) =>
    conv2d({ inputChannels, outputChannels: 8, kernelSize: 3, padding: 1, bias });
  const squeeze = { pool: globalAveragePool(), dense: dense({ inputs: 8, outputs: 8 }) };
  const layer = sequential({
    nothing: sequential({}),
    stem: sequential({
      inner: sequential({ conv: conv(3), bn: batchNorm(8), conv2: conv(8, true) }),
    }),
    bn: batchNorm(8, { activation: "relu" }),
    gate: gated(sequential({ ...squeeze, bn: batchNorm(8), sigmoid: activation("sigmoid") })),
    once: residual({ body: { conv: conv(8), bn: batchNorm(8, { activation: "relu" }) } }),
    again: sequential({ conv: conv(8), bn: batchNorm(8, { activation: "relu" }) }),
    flat: globalAveragePool(),
  });
  return new Network({ name: "nested", layer, inputShape: [8, 8, 3], classes: 8 }, { seed });
}
