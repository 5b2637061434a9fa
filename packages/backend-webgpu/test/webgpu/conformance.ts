import { backend, setBackend } from "@tensorflow/tfjs-core";
import { allOps, conv2dInputGradientOp, conv2dOp } from "@bn-only/frozen-layers";
import { conformanceCases, labelOf, layerCases } from "@bn-only/frozen-layers/conformance";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type AdapterDescription,
  backendName,
  implementedOps,
  registerWebgpuBackend,
} from "../../src/index.ts";

beforeAll(async () => {
  const { adapter } = await registerWebgpuBackend();
  console.log(`on ${adapter.name}`);
  expect(await setBackend(backendName)).toBe(true);
});

test("every op has a kernel", () => {
  expect(implementedOps.map(({ name }) => name).sort()).toEqual(
    allOps.map(({ name }) => name).sort(),
  );
});

test.each(conformanceCases().map((item) => [labelOf(item.op), item.name, item] as const))(
  "%s: %s",
  async (_op, _name, { run, tolerance }) => {
    const { error } = await run(implementedOps);
    expect(error).toBeLessThan(tolerance);
  },
);

test.each(layerCases().map((item) => [item.name, item] as const))(
  "layers: gradients agree with central differences: %s",
  async (_name, item) => {
    const { error, parameter } = await item.run(implementedOps);
    expect(error, parameter).toBeLessThan(item.tolerance);
  },
);

// What a GPU runs is tried on an adapter in software, too, and the other way round.
describe("convolutions by the shader of the other kind of adapter", () => {
  const flip = (): void => {
    const running = backend() as unknown as { adapter: AdapterDescription };
    running.adapter = { ...running.adapter, software: !running.adapter.software };
  };
  beforeAll(flip);
  afterAll(flip);

  const convolutions = conformanceCases().filter(({ op }) =>
    [conv2dOp, conv2dInputGradientOp].includes(op),
  );
  test.each(convolutions.map((item) => [labelOf(item.op), item.name, item] as const))(
    "%s: %s",
    async (_op, _name, { run, tolerance }) => {
      const { error } = await run(implementedOps);
      expect(error).toBeLessThan(tolerance);
    },
  );
});
