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
