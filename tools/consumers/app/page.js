import { trainSmall } from "./train.js";

/** The same in the page and in a worker, one after the other; the answer is put where a test looks for it. */
async function run() {
  const inPage = await trainSmall();
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  const inWorker = await new Promise((resolve, reject) => {
    worker.addEventListener("message", ({ data }) => resolve(data));
    worker.addEventListener("error", ({ message }) => reject(new Error(message)));
  });
  return { page: inPage, worker: inWorker };
}

run().then(
  (result) => (globalThis.outcome = result),
  (error) => (globalThis.outcome = { error: String(error?.stack ?? error) }),
);
