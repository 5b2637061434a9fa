import { memory } from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import {
  InvalidOptionError,
  loadModel,
  saveModel,
  serveTraining,
  train,
  TrainerError,
  type TrainEvent,
  type TrainingRequest,
  useBackend,
} from "../src/index.ts";
import { trainInWorker } from "../src/worker/train-in-worker.ts";
import { architectures } from "@bn-only/resnet-zoo";
import { tinyData, tinyNetwork } from "./support/tiny.ts";

// Both ends of a channel in one process: messages are cloned and transferred as between page and worker.

beforeAll(async () => void (await useBackend("wasm", { threads: 1 })));

let channel: MessageChannel | undefined;
afterEach(() => {
  channel?.port1.close();
  channel = undefined;
});

function serve(
  prepare: (settings: { epochs: number }) => TrainingRequest | Promise<TrainingRequest>,
): MessagePort {
  channel = new MessageChannel();
  serveTraining(prepare, channel.port2);
  return channel.port1;
}

const requestOf = ({ epochs }: { epochs: number }): TrainingRequest => ({
  network: tinyNetwork(),
  data: tinyData(),
  epochs,
  batchSize: 32,
  notes: { dataset: "synthetic" },
});

test("trainInWorker: events, result and model are those of train itself, and nothing stays", async () => {
  const expected: TrainEvent[] = [];
  const { notes, ...options } = requestOf({ epochs: 2 });
  const { network } = options;
  const plain = await train({
    ...options,
    callbacks: [(event) => void expected.push(event)],
  });
  const file = await saveModel(network, notes);
  network.dispose();
  const before = memory().numTensors;
  const events: TrainEvent[] = [];
  const { result, model } = await trainInWorker(
    serve(requestOf),
    { epochs: 2 },
    {
      onEvent: (event) => void events.push(event),
    },
  );
  expect(events.map(({ event }) => event)).toEqual(expected.map(({ event }) => event));
  expect(result.testAccuracy).toBe(plain.testAccuracy);
  expect(Buffer.from(model).equals(Buffer.from(file))).toBe(true);
  expect(memory().numTensors).toBe(before);
  const { network: loaded } = await loadModel(model, { architectures: architectures() });
  loaded.dispose();
});

test("trainInWorker: a worker may be asked again", async () => {
  const port = serve(requestOf);
  const first = await trainInWorker(port, { epochs: 1 });
  const second = await trainInWorker(port, { epochs: 1 });
  expect(second.model).toEqual(first.model);
});

test("trainInWorker: an abort stops it between two steps, with the signal's reason", async () => {
  const controller = new AbortController();
  let steps = 0;
  const training = trainInWorker(
    serve(requestOf),
    { epochs: 50 },
    {
      signal: controller.signal,
      onEvent: ({ event }) => {
        if (event === "step" && ++steps === 2) controller.abort(new Error("enough"));
      },
    },
  );
  await expect(training).rejects.toThrow("enough");
  expect(steps).toBeLessThan(200);
});

test("trainInWorker: an abort ends a prepare that never ends; a network that comes late is disposed of", async () => {
  const controller = new AbortController();
  let answer: (request: TrainingRequest) => void = () => {};
  const port = serve(() => {
    controller.abort(new Error("enough"));
    return new Promise((resolve) => (answer = resolve));
  });
  const begun = performance.now();
  const training = trainInWorker(port, { epochs: 1 }, { signal: controller.signal });
  await expect(training).rejects.toThrow("enough");
  expect(performance.now() - begun).toBeLessThan(2000);
  const request = requestOf({ epochs: 1 });
  answer(request);
  await vi.waitFor(() => expect(request.network.disposed).toBe(true));
});

test("trainInWorker: an abort ends the wait for a worker that died", async () => {
  channel = new MessageChannel();
  channel.port2.addEventListener("message", ({ data: { run } }) => {
    channel?.port2.postMessage({ type: "bn-only/begun", run });
    controller.abort(new Error("enough"));
  });
  channel.port2.start();
  const controller = new AbortController();
  const training = trainInWorker(channel.port1, {}, { signal: controller.signal, timeout: 200 });
  await expect(training).rejects.toThrow("enough");
});

test("trainInWorker: a message that cannot be decoded is told", async () => {
  channel = new MessageChannel();
  const training = trainInWorker(channel.port1, {}, { timeout: 1000 });
  channel.port1.dispatchEvent(new Event("messageerror"));
  await expect(training).rejects.toThrow(
    "trainInWorker: a message of the worker cannot be read on this page.",
  );
});

test("trainInWorker: what fails in the worker is told in its words", async () => {
  const port = serve(() => {
    throw new Error("there are no images");
  });
  const training = trainInWorker(port, { epochs: 1 });
  await expect(training).rejects.toThrow(TrainerError);
  await expect(training).rejects.toThrow("there are no images");
});

test.each<[string, unknown, string]>([
  ["nothing", undefined, "serveTraining: what prepare returns must be the options of train"],
  ["one callback", { callbacks: () => {} }, "serveTraining: what prepare returns must be"],
  ["a controller", { signal: new AbortController() }, "serveTraining: signal must be"],
])("serveTraining: %s for options is said to the page", async (_, request, message) => {
  const port = serve(() => request as TrainingRequest);
  await expect(trainInWorker(port, { epochs: 1 })).rejects.toThrow(message);
});

test("trainInWorker: a worker that is another script is given up", async () => {
  channel = new MessageChannel();
  channel.port2.addEventListener("message", () => channel?.port2.postMessage({ type: "hello" }));
  channel.port2.start();
  await expect(trainInWorker(channel.port1, {}, { timeout: 100 })).rejects.toThrow(
    "trainInWorker: the worker does not answer in 100 ms. Its script must call serveTraining() of @bn-only/trainer.",
  );
});

test("trainInWorker: settings that cannot be cloned are refused", async () => {
  const training = trainInWorker(serve(requestOf), { epochs: () => 1 });
  await expect(training).rejects.toThrow(InvalidOptionError);
  await expect(training).rejects.toThrow("make networks and data in the worker");
});
