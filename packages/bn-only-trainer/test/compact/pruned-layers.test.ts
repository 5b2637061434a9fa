import {
  batchNorm,
  concat,
  conv2d,
  dense,
  globalAveragePool,
  Network,
  sequential,
} from "@bn-only/frozen-layers";
import { beforeAll, expect, test } from "vitest";
import { pruneNetwork, useBackend } from "../../src/index.ts";
import { asTrained, zeroGammas } from "../support/planted.ts";

beforeAll(async () => void (await useBackend("wasm")));

test("pruneNetwork: what gives the logits is left out: both branches of a head, and no layer that is last by chance", async () => {
  const network = new Network({
    name: "two-heads",
    layer: sequential({
      conv: conv2d({ inputChannels: 1, outputChannels: 4 }),
      bn: batchNorm(4, { activation: "relu" }),
      pool: globalAveragePool(),
      heads: concat({
        first: dense({ inputs: 4, outputs: 2 }),
        second: sequential({
          hidden: dense({ inputs: 4, outputs: 3 }),
          logits: dense({ inputs: 3, outputs: 1 }),
        }),
      }),
    }),
    inputShape: [4, 4, 1],
    classes: 3,
  });
  asTrained(network, 1);
  zeroGammas(network, "bn", [1]);
  const { network: pruned, layers } = await pruneNetwork(network);
  expect(layers).toEqual([
    { path: "conv", before: 4, after: 3 },
    { path: "heads/second/hidden", before: 3, after: 3 },
  ]);
  [network, pruned].forEach((one) => one.dispose());
});
