import { setBackend } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import { beforeAll, describe, expect, test } from "vitest";
import { conformanceCases, labelOf } from "../../src/conformance/index.ts";
import { allOps, type AnyOp } from "../../src/index.ts";

const cases = conformanceCases();

test("conformance: every op has a case of its own, and one of inputs of another type", () => {
  const types = "inputs of another type are refused";
  const of = (op: AnyOp): string[] =>
    cases.filter((item) => item.op.name === op.name).map(({ name }) => name);
  const missing = allOps.filter((op) => !of(op).includes(types) || of(op).length < 2);
  expect(missing.map(({ name }) => name)).toEqual([]);
});

describe.each(["cpu", "wasm"])("reference kernels on %s", (backend) => {
  beforeAll(async () => {
    expect(await setBackend(backend)).toBe(true);
  });

  test.each(cases.map((item) => [labelOf(item.op), item.name, item] as const))(
    "%s: %s",
    async (_op, _name, { run, tolerance }) => {
      const { error } = await run();
      expect(error).toBeLessThan(tolerance);
    },
  );
});
