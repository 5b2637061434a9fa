import { expect, test } from "vitest";
import type { BenchEvent } from "../src/commands/bench/run.ts";
import { run } from "./support/io.ts";

const tiny = "bench --network cifar-resnet-8 --batch-size 2 --steps 3 --backend wasm".split(" ");

test("bench --json: one object with times, memory and threads", async () => {
  const { code, out } = await run([...tiny, "--threads", "2", "--json"]);
  expect(code).toBe(0);
  const result = JSON.parse(out) as BenchEvent;
  expect(result).toMatchObject({ event: "result", backend: "wasm", threads: 2, steps: 3 });
  expect(result.msPerStep.min).toBeGreaterThan(0);
  expect(result.msPerStep.median).toBeGreaterThanOrEqual(result.msPerStep.min);
  expect(result.imagesPerSecond).toBeCloseTo(2000 / result.msPerStep.median, 6);
  expect(result.peakBytes).toBeGreaterThan(100_000);
});

test("bench: two lines for people", async () => {
  const { code, out } = await run([...tiny, "--threads", "1", "--no-fma"]);
  expect(code).toBe(0);
  expect(out).toMatch(
    /^cifar-resnet-8, condition bn, batch 2, wasm \(WebAssembly, 1 thread, SIMD\)\n[\d.]+ ms a step/,
  );
});

test("bench: threads out of range are an error", async () => {
  const { code, err } = await run([...tiny, "--threads", "1000"]);
  expect(code).toBe(1);
  expect(err).toContain("threads: expected a whole number from 1 to 64, got 1000");
});

test("bench --profile: kernels and host make up the steps", async () => {
  const { code, out } = await run([...tiny, "--threads", "1", "--profile", "--json"]);
  expect(code).toBe(0);
  const { profile } = JSON.parse(out) as BenchEvent;
  expect(profile!.at(-1)).toMatchObject({ kernel: "host", runs: 1 });
  const convolutions = profile!.filter(({ kernel }) => kernel === "convolveWinograd");
  expect(convolutions.map(({ sizes }) => sizes)).toContain(
    "32x32x16 to 16, reads bn+relu, sums statistics",
  );
  // Nine convolutions of 3x3, two of them with stride 2, and the gradients of all but the first.
  expect(convolutions.reduce((sum, { runs }) => sum + runs, 0)).toBe(5 + 4);
  for (const { milliseconds } of profile!) expect(milliseconds).toBeGreaterThan(0);
});

test("bench --profile: a table for people, an error on another backend", async () => {
  const { out } = await run([...tiny, "--threads", "1", "--profile"]);
  expect(out).toMatch(/\nms a step +share +runs +kernel +sizes\n/);
  expect(out).toMatch(/ 1 {2}host\n$/);
  const other = tiny.map((word) => (word === "wasm" ? "cpu" : word));
  const { code, err } = await run([...other, "--steps", "1", "--profile"]);
  expect(code).toBe(2);
  expect(err).toContain("--profile: expected the backend wasm, which times its kernels, got cpu");
});
