import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import {
  batchNorm,
  checkpointedSequential,
  conv2d,
  dense,
  disposePass,
  globalAveragePool,
  type Layer,
  type Network,
  residual,
  sequential,
  trainingPass,
} from "../../src/index.ts";
import { lossOf, randomTensor, tinyNetwork, useCpu, unit } from "../support/tiny.ts";

beforeAll(useCpu);

function network(): Network {
  const body = {
    conv: conv2d({ inputChannels: 4, outputChannels: 4, padding: 1 }),
    bn: batchNorm(4, { activation: "relu" }),
  };
  return tinyNetwork(
    sequential({
      stem: unit(3, 4),
      block: residual({ body }),
      stage: checkpointedSequential({ one: unit(4, 4), two: unit(4, 4) }) as Layer,
      pool: globalAveragePool(),
      head: dense({ inputs: 4, outputs: 2 }),
    }),
    [6, 6, 3],
  );
}

const everyLayer = [
  "stem/conv",
  "stem/bn",
  "stem",
  "block/conv",
  "block/bn",
  "block",
  "stage/one/conv",
  "stage/one/bn",
  "stage/one",
  "stage/two/conv",
  "stage/two/bn",
  "stage/two",
  "stage",
  "pool",
  "head",
];

test("observe: every layer once, joins and checkpointed layers included, backward adds none", () => {
  const net = network();
  net.setTrainable("bn");
  const input = randomTensor("x", [2, 6, 6, 3]);
  const direction = randomTensor("d", [2, 2]);
  const paths: string[] = [];
  const pass = trainingPass({ observe: (layer) => paths.push(layer.path) });
  lossOf(net, input, direction, pass);
  expect(paths).toEqual(everyLayer);
  disposePass(pass);
});

test("observe: the output is what the next layer gets, and the pass is the same without it", () => {
  const net = network();
  const outputs = new Map<string, Float32Array>();
  const input = randomTensor("x", [2, 6, 6, 3]);
  const plain = net.predict(input.clone());
  const before = memory().numTensors;
  const seen = net.predict(input.clone(), (layer, output) => {
    outputs.set(layer.path, output.dataSync<"float32">().slice());
  });
  expect(seen.dataSync()).toEqual(plain.dataSync());
  expect(outputs.get("head")).toEqual(plain.dataSync());
  expect(outputs.get("block")).toEqual(outputs.get("block/bn"));
  expect(Math.min(...outputs.get("block/bn")!)).toBe(0);
  expect(Math.min(...outputs.get("block/conv")!)).toBeLessThan(0);
  seen.dispose();
  expect(memory().numTensors).toBe(before);
});
