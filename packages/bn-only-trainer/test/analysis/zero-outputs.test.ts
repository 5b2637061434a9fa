import { memory, tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { type BackendName, useBackend, zeroOutputs } from "../../src/index.ts";
import { tinyData, tinyNetwork } from "../support/tiny.ts";

describe.each(["cpu", "wasm"] satisfies BackendName[])("zeroOutputs on %s", (backend) => {
  beforeAll(async () => void (await useBackend(backend)));

  test("a planted dead channel, one that is always on, and every ReLU of the network", async () => {
    const network = tinyNetwork({ batchNorm: "fixed" });
    const { test: data } = tinyData(10, 30);
    const parameter = (path: string) => network.parameters.find((one) => one.path === path)!;
    const set = (path: string, channel: number, value: number): void => {
      const values = parameter(path).value.dataSync<"float32">().slice();
      values[channel] = value;
      parameter(path).set(tensor(values));
    };
    set("stage2/block1/bn1/gamma", 5, 0);
    set("stage2/block1/bn1/beta", 5, -1);
    set("stage2/block1/bn1/gamma", 6, 0);
    set("stage2/block1/bn1/beta", 6, 1);

    const before = memory().numTensors;
    const shares = await zeroOutputs(network, data, { batchSize: 7 });
    // The prepared filters of ten convolutions stay.
    expect(memory().numTensors - before).toBeLessThanOrEqual(10);
    expect([...shares.keys()]).toEqual([
      "stem/bn",
      "stage1/block1/bn1",
      "stage1/block1/bn2",
      "stage2/block1/bn1",
      "stage2/block1/bn2",
      "stage3/block1/bn1",
      "stage3/block1/bn2",
    ]);
    const planted = shares.get("stage2/block1/bn1")!;
    expect([planted[5], planted[6]]).toEqual([1, 0]);
    expect([...planted].filter((share) => share > 0 && share < 1)).toHaveLength(30);
    expect(await zeroOutputs(network, data, { batchSize: 30 })).toEqual(shares);
    network.dispose();
  });
});
