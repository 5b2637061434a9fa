import { backend, memory } from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  checkpoint,
  DivergedError,
  encodeState,
  evaluate,
  InvalidOptionError,
  type NamedCallback,
  train,
  type TrainContext,
  type TrainEvent,
  type TrainOptions,
  useBackend,
} from "../src/index.ts";
import { bitsOf, tinyData, tinyNetwork } from "./support/tiny.ts";

// A backend with submit() is one that computes while the host goes on; wasm plays it.

const submit = vi.fn();
let reads: { mock: { calls: unknown[] } };

beforeEach(async () => {
  await useBackend("wasm", { threads: 1 });
  let milliseconds = 0;
  // So fast that as many steps as may be are read at once.
  vi.spyOn(performance, "now").mockImplementation(() => (milliseconds += 0.01));
});

afterEach(() => {
  vi.restoreAllMocks();
  becomeImmediate();
});

function becomeLate(): void {
  submit.mockClear();
  Object.assign(backend(), { submit });
  reads = vi.spyOn(backend() as unknown as { read(): unknown }, "read");
}

function becomeImmediate(): void {
  delete (backend() as { submit?: unknown }).submit;
}

/** 20 steps an epoch. */
const protocol = { data: tinyData(100, 50), epochs: 2, batchSize: 5 };

type Telling = Pick<NamedCallback, "looksAt"> & {
  readonly on?: (event: TrainEvent, context: TrainContext) => unknown;
};

/** What a callback is told in a run, without times, and the bits that it ends with. */
async function told({ looksAt, on }: Telling, options: Partial<TrainOptions> = {}) {
  const events: object[] = [];
  const network = tinyNetwork();
  const callback: NamedCallback = {
    name: "tell",
    ...(looksAt && { looksAt }),
    async on(event, context) {
      events.push({ ...event, seconds: 0, imagesPerSecond: 0 });
      await on?.(event, context);
    },
  };
  const callbacks = [callback, ...(options.callbacks ?? [])];
  const error = await train({ ...protocol, network, ...options, callbacks }).then(
    () => undefined,
    (thrown: unknown) => thrown as Error,
  );
  const bits = bitsOf(network);
  network.dispose();
  return { events, bits, error };
}

const late = { looksAt: () => false };

test("steps are told of later, in order, and are the same; they are read 16 at once", async () => {
  const expected = await told(late);
  becomeLate();
  const before = memory().numTensors;
  expect(await told(late)).toEqual(expected);
  expect(memory().numTensors).toBe(before);
  // After each of the 40 steps but the 1st and the 17th, and the 16th of the second epoch: there it was time to read.
  expect(submit).toHaveBeenCalledTimes(37);
});

test("a function, and a callback that does not say, is told before the next step begins", async () => {
  becomeLate();
  const steps: number[] = [];
  const on = async (event: TrainEvent, { state }: TrainContext) => {
    if (event.event === "step") steps.push((await state()).step);
  };
  await told({ on });
  expect(steps).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  expect(submit).not.toHaveBeenCalled();
});

test.each(["3steps", "7steps", "1epoch"])(
  "checkpoint every %s: its states are those of a run that reads at once",
  async (every) => {
    const states = async () => {
      const taken: Uint8Array[] = [];
      const save = checkpoint({
        every,
        save: (_bytes, state) =>
          void taken.push(encodeState({ ...state, seconds: 0, history: [] })),
      });
      await told(late, { callbacks: [save] });
      return taken;
    };
    const expected = await states();
    becomeLate();
    expect(await states()).toEqual(expected);
    expect(submit).toHaveBeenCalled();
  },
);

test("looksAt: what JavaScript takes for true is a yes", async () => {
  becomeLate();
  const steps: number[] = [];
  const looksAt = (step: number) => (step % 8 === 3 ? step : 0) as unknown as boolean;
  const on = async (event: TrainEvent, { state }: TrainContext) => {
    if (event.event === "step" && looksAt(event.step)) steps.push((await state()).step);
  };
  const { error } = await told({ looksAt, on });
  expect(error).toBe(undefined);
  expect(steps).toEqual([3, 11, 19, 27, 35]);
});

test("a state that is asked for while steps wait is refused", async () => {
  becomeLate();
  const on = (event: TrainEvent, { state }: TrainContext) =>
    event.event === "step" && event.step === 5 ? state() : undefined;
  const { error } = await told({ ...late, on });
  expect(error).toBeInstanceOf(InvalidOptionError);
  expect(error!.message).toMatch(
    /^state: \d+ steps were taken that callbacks are not told of yet\. A callback says by looksAt\(step\)/,
  );
});

test("a loss that is not finite: the step is named, and nothing is told of it or later ones", async () => {
  const schedule = (step: number) => (step === 7 ? 1e30 : 0.01);
  const expected = await told(late, { schedule });
  becomeLate();
  const { events, error } = await told(late, { schedule });
  expect(error).toBeInstanceOf(DivergedError);
  expect((error as DivergedError).step).toBe((expected.error as DivergedError).step);
  expect(events).toEqual(expected.events);
});

test("an abort, and a source that fails: all steps before are told of", async () => {
  becomeLate();
  const controller = new AbortController();
  const { train: source } = protocol.data;
  const stopping = (end: () => void) => ({
    train: {
      ...source,
      *batches(request: Parameters<typeof source.batches>[0]) {
        let step = 0;
        for (const batch of source.batches(request) as Iterable<never>) {
          if (++step === 13) end();
          yield batch;
        }
      },
    },
  });
  const aborted = await told(late, {
    data: stopping(() => controller.abort(new Error("enough"))),
    signal: controller.signal,
  });
  const failed = await told(late, {
    data: stopping(() => {
      throw new Error("the disk fails");
    }),
  });
  expect(aborted.error!.message).toBe("enough");
  expect(failed.error!.message).toBe("the disk fails");
  const names = ({ events }: typeof failed) =>
    events.map((event) => ("step" in event ? event.step : "start"));
  expect(names(failed)).toEqual(["start", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(names(aborted)).toEqual(["start", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 12]);
});

test("a read that fails while another error ends the training does not take its place", async () => {
  becomeLate();
  const { train: source } = protocol.data;
  const batches = function* (request: Parameters<typeof source.batches>[0]) {
    let step = 0;
    for (const batch of source.batches(request) as Iterable<never>) {
      if (++step === 13) {
        vi.spyOn(backend() as unknown as { read(): Promise<never> }, "read").mockRejectedValue(
          new Error("the GPU was lost"),
        );
        throw new Error("the disk fails");
      }
      yield batch;
    }
  };
  const before = memory().numTensors;
  const network = tinyNetwork();
  const training = train({
    ...protocol,
    network,
    data: { train: { ...source, batches } },
    callbacks: [{ name: "tell", ...late, on() {} }],
  });
  await expect(training).rejects.toThrow("the disk fails");
  network.dispose();
  expect(memory().numTensors).toBe(before);
});

test("evaluate: one read for many batches, and the same result", async () => {
  const network = tinyNetwork();
  const expected = await evaluate(network, protocol.data.test, { batchSize: 3 });
  becomeLate();
  const before = memory().numTensors;
  expect(await evaluate(network, protocol.data.test, { batchSize: 3 })).toEqual(expected);
  expect(memory().numTensors).toBe(before);
  // Of 17 batches: the first, and 16.
  expect(reads.mock.calls).toHaveLength(2);
  network.dispose();
});
