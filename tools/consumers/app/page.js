import { trainInWorker } from "@bn-only/trainer/worker";
import { hashOf, trainSmall } from "./train.js";

/** The same in the page and in a worker, one after the other; the answer is put where a test looks for it. */
async function run() {
  const page = await trainSmall();
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  let description = "";
  worker.addEventListener("message", ({ data }) => (description = data.description ?? description));
  const epochs = [];
  const { result, model } = await trainInWorker(
    worker,
    { threads: 2 },
    { onEvent: (event) => event.event === "epoch" && epochs.push(event.epoch) },
  );
  if (epochs.length !== 2) throw new Error(`expected the events of 2 epochs, got ${epochs}`);
  const accuracy = result.testAccuracy;
  return { page, worker: { hash: await hashOf(model), accuracy, description } };
}

run().then(
  (result) => (globalThis.outcome = result),
  (error) => (globalThis.outcome = { error: String(error?.stack ?? error) }),
);
