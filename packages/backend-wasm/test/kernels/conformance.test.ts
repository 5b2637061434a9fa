import { removeBackend, setBackend } from "@tensorflow/tfjs-core";
import { conformanceCases, labelOf } from "@bn-only/frozen-layers/conformance";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { backendName, implementedOps, registerWasmBackend } from "../../src/index.ts";

describe.each([
  { fma: false, threads: 1 },
  { fma: true, threads: 2 },
])("kernels with $threads threads, fma $fma", (options) => {
  beforeAll(async () => {
    await registerWasmBackend(options);
    expect(await setBackend(backendName)).toBe(true);
  });
  afterAll(() => removeBackend(backendName));

  test.each(conformanceCases().map((item) => [labelOf(item.op), item.name, item] as const))(
    "%s: %s",
    async (_op, _name, { run, tolerance }) => {
      const { error } = await run(implementedOps);
      expect(error).toBeLessThan(tolerance);
    },
  );
});
