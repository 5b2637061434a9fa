import { testArchitecture } from "@bn-only/resnet-zoo/testing";
import { useBackend } from "@bn-only/trainer";
import { beforeAll, test } from "vitest";
import { architectures } from "../index.js";

beforeAll(async () => void (await useBackend("wasm", { threads: 1 })));

testArchitecture(test, architectures[0]!, {
  valid: ["conv-mixer-32-4", "conv-mixer-1-1"],
  invalid: ["conv-mixer-32", "conv-mixer-0-4", "conv-mixer-32-4-1"],
  // By hand: 288 of BatchNorm twice, convolutions of 384 and four times 1824, an output layer of 330.
  counts: { "conv-mixer-32-4": { total: 8586, batchNorm: 576 } },
  tiny: { name: "conv-mixer-4-2", inputShape: [8, 8, 1], classes: 3 },
});
