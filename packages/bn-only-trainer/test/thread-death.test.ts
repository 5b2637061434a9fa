import { WasmTrainingBackend } from "@bn-only/backend-wasm";
import { backend, memory } from "@tensorflow/tfjs-core";
import { afterEach, expect, test, vi } from "vitest";
import { checkpoint, decodeState, train, useBackend } from "../src/index.ts";
import { bitsOf, tinyData, tinyNetwork } from "./support/tiny.ts";

afterEach(() => vi.restoreAllMocks());

const running = (): WasmTrainingBackend => backend() as WasmTrainingBackend;
const { runJob } = WasmTrainingBackend.prototype;

/** Calls `strike` instead of a kernel, and counts kernels until then. */
function interrupt(at: number, strike: (on: WasmTrainingBackend) => void): { jobs: number } {
  const counted = { jobs: 0 };
  vi.spyOn(WasmTrainingBackend.prototype, "runJob").mockImplementation(function count(
    this: WasmTrainingBackend,
    job,
  ) {
    counted.jobs += 1;
    if (counted.jobs === at) strike(this);
    else runJob.call(this, job);
  });
  return counted;
}

/** A kernel whose last chunk reads beyond the memory: the thread that takes it stops, the others go on. */
function trap(on: WasmTrainingBackend): void {
  const outputs = 8 * 2000;
  const packed = on.heap.allocate(36 * 4 * outputs * 4);
  try {
    const filter = on.heap.byteLength - 9 * outputs * 4 + 4;
    const args = { filter, packed, channels: 1, outputs, rotated: 0 };
    runJob.call(on, {
      kernel: "prepareWinograd",
      chunks: outputs / 8,
      args,
      scratchBytes: 18 * 8 * 8,
    });
  } finally {
    on.heap.free(packed);
  }
}

const protocol = () => ({
  data: tinyData(),
  epochs: 2,
  batchSize: 50,
  condition: "all" as const,
});

test("a worker dies in the middle of a step: the step is undone, and the run goes on to the same bits", async () => {
  await useBackend("wasm", { threads: 4, fma: false });
  const undisturbed = tinyNetwork();
  const { jobs } = await counting(() => train({ ...protocol(), network: undisturbed }));
  const expected = bitsOf(undisturbed);
  undisturbed.dispose();

  // Which thread takes the chunk is a matter of chance.
  for (let attempt = 0, message = ""; !/thread [1-3] stopped/.test(message); attempt++) {
    expect(attempt, "attempts until a worker took the chunk").toBeLessThan(50);
    const { numTensors } = memory();
    const network = tinyNetwork();
    let state: Uint8Array = new Uint8Array();
    const save = checkpoint({ every: "1steps", save: (bytes) => void (state = bytes) });
    interrupt(Math.floor(jobs * 0.6), trap);
    const crashed = running();
    message = await train({ ...protocol(), network, callbacks: [save] }).then(
      () => "",
      (error: unknown) => String(error),
    );
    vi.restoreAllMocks();
    expect(message).toMatch(
      /ThreadError: threads: thread \d stopped in prepareWinograd: RuntimeError: memory access out of bounds/,
    );
    expect(message).toContain('useBackend("wasm") or replaceWasmBackend() starts another one.');
    expect(crashed.usable).toBe(false);

    await useBackend("wasm");
    expect(running()).not.toBe(crashed);
    expect([running().threads, running().fma]).toEqual([4, false]);
    const decoded = decodeState(state);
    for (const [path, values] of decoded.parameters) {
      const now = network.parameters.find((parameter) => parameter.path === path)!;
      expect([...now.value.dataSync()]).toEqual([...values]);
    }
    await train({ ...protocol(), network, resume: decoded });
    expect(bitsOf(network)).toEqual(expected);
    network.dispose();
    expect(memory().numTensors).toBe(numTensors);
  }
});

/** How many kernels something takes. */
async function counting(work: () => Promise<unknown>): Promise<{ jobs: number }> {
  const counted = interrupt(Infinity, () => {});
  await work();
  vi.restoreAllMocks();
  return counted;
}
