import { setBackend } from "@tensorflow/tfjs-core";
import { labelOf, randomConformanceCases } from "@bn-only/frozen-layers/conformance";
import { beforeAll, expect, test } from "vitest";
import { backendName, implementedOps, registerWebgpuBackend } from "../../src/index.ts";

beforeAll(async () => {
  await registerWebgpuBackend();
  expect(await setBackend(backendName)).toBe(true);
});

test.each(randomConformanceCases(4, 0).map((item) => [labelOf(item.op), item.name, item] as const))(
  "%s: %s",
  async (_op, _name, { run, tolerance }) => {
    const { error } = await run(implementedOps);
    expect(error).toBeLessThan(tolerance);
  },
);
