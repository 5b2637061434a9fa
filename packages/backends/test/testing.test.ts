import { type ConformanceCase, conformanceCases } from "@bn-only/frozen-layers/conformance";
import { describe, expect, test } from "vitest";
import { BackendError } from "../src/index.ts";
import { testBackend } from "../src/testing/test-backend.ts";
import { fakeCandidate } from "./support/candidates.ts";

/** The tests that are registered, by name. */
function registered(...args: unknown[]): Map<string, () => Promise<void>> {
  const tests = new Map<string, () => Promise<void>>();
  const register = testBackend as (...all: unknown[]) => void;
  register((name: string, run: () => Promise<void>) => tests.set(name, run), ...args);
  return tests;
}

describe("testBackend", () => {
  test("registers every op and every layer, and a right backend passes", async () => {
    const tests = registered(fakeCandidate("tested"));
    expect(tests.size).toBeGreaterThan(100);
    const [first, second] = tests.values();
    await first!();
    await second!();
    const layers = [...tests].filter(([name]) => name.startsWith("tested: gradients of"));
    await layers[0]![1]();
  });

  test("a backend that computes wrongly fails", async () => {
    const [first] = registered(fakeCandidate("lying", { wrong: true })).values();
    await expect(first!()).rejects.toThrow(BackendError);
  });

  test("an op that runs by the definition, though the backend states to have it, fails", async () => {
    const [{ op }] = conformanceCases() as [ConformanceCase];
    const [, first] = registered(fakeCandidate("boasting"), { ops: [op] }).values();
    await expect(first!()).rejects.toThrow(op.name);
  });

  test("what is no candidate is refused", () => {
    expect(() => registered({ name: "mine" })).toThrow(BackendError);
  });
});
