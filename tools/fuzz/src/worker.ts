// Mutates and parses, in a thread of its own that can be ended.

import { parentPort, workerData } from "node:worker_threads";
import { countAllocations } from "./allocations.ts";
import { startCoverage } from "./coverage.ts";
import { execute } from "./execute.ts";
import { longestInput, mutate } from "./mutate.ts";
import type { WorkerMessage, WorkerTask } from "./protocol.ts";
import { randomFrom } from "./random.ts";
import { targets } from "./targets/index.ts";

/** Executions between two looks at the coverage, which take 40 ms each: more when there is nothing new. */
const [fewest, most] = [256, 8192];

const task = workerData as WorkerTask;
const target = targets.find(({ name }) => name === task.target)!;
const random = randomFrom(task.seed);
const coverage = startCoverage();
const say = (message: WorkerMessage): void => parentPort!.postMessage(message);
const corpus = (await target.seeds()).map((bytes) => bytes.subarray(0, longestInput));
const allocations = countAllocations();
const until = performance.now() + task.milliseconds;

const seeds = [...corpus];
for (const bytes of [...seeds, ...task.regressions]) await run(bytes);
coverage.takeNew();
let batchSize = fewest;
while (performance.now() < until && task.progress[0]! < task.executions) {
  const batch = Array.from({ length: batchSize }, () =>
    mutate(random.pick(corpus), random.pick(corpus), target.structured ?? [], random),
  );
  for (const bytes of batch) {
    await run(bytes);
    if (performance.now() >= until) break;
  }
  const found = coverage.takeNew();
  batchSize = found.length > 0 ? Math.max(fewest, batchSize >> 1) : Math.min(most, batchSize << 1);
  if (found.length > 0) {
    coverage.forget(found);
    await keepWhatIsNew(batch);
    // Blocks of the mutations themselves, for one, do not run again.
    coverage.remember(found);
  }
}
say({ corpus: corpus.length, blocks: coverage.blocks });

async function run(bytes: Uint8Array): Promise<void> {
  task.input.set(bytes);
  task.progress[1] = bytes.length;
  const fault = await execute(target, bytes, allocations);
  task.progress[0]!++;
  if (fault !== undefined) say({ fault, bytes });
}

/** Adds the inputs of a batch that reach new blocks to the corpus, found by halving. */
async function keepWhatIsNew(batch: readonly Uint8Array[]): Promise<void> {
  for (const bytes of batch) await run(bytes);
  const found = coverage.takeNew();
  if (found.length === 0) return;
  if (batch.length === 1) {
    corpus.push(batch[0]!);
    return;
  }
  coverage.forget(found);
  const middle = batch.length >> 1;
  await keepWhatIsNew(batch.slice(0, middle));
  await keepWhatIsNew(batch.slice(middle));
}
