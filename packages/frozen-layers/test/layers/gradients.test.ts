import { setBackend } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import { beforeAll, describe, expect, test } from "vitest";
import { layerCases } from "../../src/conformance/index.ts";

describe.each(["cpu", "wasm"])("gradients on %s agree with central differences", (backend) => {
  beforeAll(async () => {
    expect(await setBackend(backend)).toBe(true);
  });

  test.each(layerCases().map((item) => [item.name, item] as const))("%s", async (_name, item) => {
    const { error, parameter } = await item.run();
    expect(error, parameter).toBeLessThan(item.tolerance);
  });
});
