import {
  batchNorm,
  conv2d,
  dense,
  globalAveragePool,
  maxPool,
  Network,
  sequential,
} from "@bn-only/frozen-layers";
import { bottleneckBlock, residualStages } from "@bn-only/resnet-zoo";

/** As `imagenet-resnet-50`, with 8 channels in the place of 64, two stages and images of 32x32x3. */
export function bottlenecks(seed: number): Network {
  const stages = [
    { blocks: 2, inputChannels: 8, outputChannels: 32, stride: 1 },
    { blocks: 2, inputChannels: 32, outputChannels: 64, stride: 2 },
  ];
  const layer = sequential({
    stem: sequential({
      conv: conv2d({ inputChannels: 3, outputChannels: 8, kernelSize: 7, stride: 2, padding: 3 }),
      bn: batchNorm(8, { activation: "relu" }),
      pool: maxPool({ size: 3, stride: 2, padding: 1 }),
    }),
    ...residualStages(stages, bottleneckBlock),
    pool: globalAveragePool(),
    head: dense({ inputs: 64, outputs: 10 }),
  });
  const definition = { name: "bottlenecks", layer, inputShape: [32, 32, 3], classes: 10 };
  return new Network(definition, { seed });
}
