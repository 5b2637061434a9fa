import { removeBackend, setBackend, unregisterKernel } from "@tensorflow/tfjs-core";
import { conformanceCases, labelOf } from "@bn-only/frozen-layers/conformance";
import { afterAll, beforeAll, expect, test } from "vitest";
import { backendName, implementedOps, registerWasmBackend } from "../../src/index.ts";

// The reference gives the right numbers for every op, so a kernel that is missing shows in no number.

beforeAll(async () => {
  await registerWasmBackend({ threads: 1 });
  expect(await setBackend(backendName)).toBe(true);
});
afterAll(() => removeBackend(backendName));

test.each(implementedOps.map((op) => [labelOf(op), op] as const))(
  "conformance: fails without the kernel of %s",
  async (label, op) => {
    const item = conformanceCases().find((candidate) => candidate.op.name === op.name)!;
    await item.run(implementedOps);
    unregisterKernel(op.name, backendName);
    await expect(item.run(implementedOps)).rejects.toThrow(
      `${label}: the backend "bn-wasm" states that it implements this op, but it ran by the reference.`,
    );
  },
);
