import { expect, test } from "vitest";
import type { BenchEvent } from "../src/commands/bench.ts";
import type { Io, Output } from "../src/io.ts";
import { main } from "../src/main.ts";

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const output = { stdout: "", stderr: "" };
  const stream = (name: "stdout" | "stderr"): Output => ({
    write: (text) => void (output[name] += text),
  });
  const signal = new AbortController().signal;
  const io: Io = { stdout: stream("stdout"), stderr: stream("stderr"), env: {}, signal };
  const code = await main(args, io);
  return { code, ...output };
}

const tiny = ["bench", "--network", "cifar-resnet-8", "--batch-size", "2", "--steps", "3"];

test("bench --json: one object with times, memory and threads", async () => {
  const { code, stdout } = await run(...tiny, "--backend", "wasm", "--threads", "2", "--json");
  expect(code).toBe(0);
  const result = JSON.parse(stdout) as BenchEvent;
  expect(result).toMatchObject({ event: "result", backend: "wasm", threads: 2, steps: 3 });
  expect(result.msPerStep.min).toBeGreaterThan(0);
  expect(result.msPerStep.median).toBeGreaterThanOrEqual(result.msPerStep.min);
  expect(result.imagesPerSecond).toBeCloseTo(2000 / result.msPerStep.median, 6);
  expect(result.peakBytes).toBeGreaterThan(100_000);
});

test("bench: two lines for people", async () => {
  const { code, stdout } = await run(...tiny, "--threads", "1", "--no-fma");
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^cifar-resnet-8, condition bn, batch 2, wasm \(WebAssembly, 1 thread, SIMD\)\n[\d.]+ ms a step/,
  );
});

test("bench: threads out of range are an error", async () => {
  const { code, stderr } = await run(...tiny, "--backend", "wasm", "--threads", "1000");
  expect(code).toBe(1);
  expect(stderr).toContain("threads: expected a whole number from 1 to 64, got 1000");
});
