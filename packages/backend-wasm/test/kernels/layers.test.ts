import { removeBackend, setBackend } from "@tensorflow/tfjs-core";
import { layerCases } from "@bn-only/frozen-layers/conformance";
import { afterAll, beforeAll, expect, test } from "vitest";
import { backendName, implementedOps, registerWasmBackend } from "../../src/index.ts";

beforeAll(async () => {
  await registerWasmBackend({ threads: 2 });
  expect(await setBackend(backendName)).toBe(true);
});
afterAll(() => removeBackend(backendName));

test.each(layerCases().map((item) => [item.name, item] as const))(
  "layers: gradients agree with central differences: %s",
  async (_name, item) => {
    const { error, parameter } = await item.run(implementedOps);
    expect(error, parameter).toBeLessThan(item.tolerance);
  },
);
