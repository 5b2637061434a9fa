import { setBackend } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import { beforeAll, describe, expect, test } from "vitest";
import { conformanceCases } from "../../src/conformance/index.ts";

describe.each(["cpu", "wasm"])("reference kernels on %s", (backend) => {
  beforeAll(async () => {
    expect(await setBackend(backend)).toBe(true);
  });

  test.each(conformanceCases().map((item) => [item.op, item.name, item] as const))(
    "%s: %s",
    async (_op, _name, { run, tolerance }) => {
      const { error } = await run();
      expect(error).toBeLessThan(tolerance);
    },
  );
});
