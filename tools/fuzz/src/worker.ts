// Mutates and parses, in a thread of its own that can be ended.

import { parentPort, workerData } from "node:worker_threads";
import { countAllocations } from "./allocations.ts";
import { startCoverage } from "./coverage.ts";
import { execute } from "./execute.ts";
import { longestInput, mutate } from "./mutate.ts";
import type { WorkerMessage, WorkerTask } from "./protocol.ts";
import { randomFrom } from "./random.ts";
import { loadTarget } from "./targets/index.ts";

/** Executions between two looks at the coverage, at the least. */
const fewest = 256;

/** The part of the time that these looks may take: some 40 ms each. */
const share = 0.05;

/** The part of it that a search for the inputs of new blocks may take; what is not found now is found later. */
const searchShare = 0.1;

/** Milliseconds that a search may take at the beginning. */
const firstSearch = 2000;

/** Bytes of the inputs between two looks, at the most. */
const mostBytes = 32 << 20;

// Most errors are typed, and need no stack.
Error.stackTraceLimit = 0;

const task = workerData as WorkerTask;
const target = await loadTarget(task.target);
const random = randomFrom(task.seed);
const coverage = startCoverage();
const say = (message: WorkerMessage): void => parentPort!.postMessage(message);
const corpus = (await target.seeds()).map((bytes) => bytes.subarray(0, longestInput));
const allocations = countAllocations();
const until = performance.now() + task.milliseconds;

const seeds = [...corpus];
/** Bytes of what is kept, at the most: mutations of long inputs take long. */
const longestKept = 4 * Math.max(256, ...seeds.map(({ length }) => length));
for (const bytes of [...seeds, ...task.regressions]) await run(bytes);
coverage.takeNew();
const started = performance.now();
let cost = 0;
let searching = 0;
while (mayGoOn()) {
  const batch = await runSome();
  const asked = performance.now();
  const found = coverage.takeNew();
  cost = performance.now() - asked;
  if (found.length === 0) continue;
  coverage.forget(found);
  const left = firstSearch + searchShare * (asked - started) - searching;
  if (left <= 0) continue;
  const end = Math.min(until, asked + left);
  await keepWhatIsNew(batch, end);
  // Blocks of the mutations themselves, for one, do not run again.
  if (performance.now() < end) coverage.remember(found);
  searching += performance.now() - asked;
}
say({ corpus: corpus.length, blocks: coverage.blocks });

function mayGoOn(): boolean {
  return performance.now() < until && task.progress[0]! < task.executions;
}

/** Runs mutations until a look at the coverage is due. */
async function runSome(): Promise<Uint8Array[]> {
  const batch: Uint8Array[] = [];
  const due = performance.now() + cost / share;
  let size = 0;
  while (mayGoOn() && size < mostBytes && (batch.length < fewest || performance.now() < due)) {
    const bytes = mutate(random.pick(corpus), random.pick(corpus), target, random);
    batch.push(bytes);
    size += bytes.length;
    await run(bytes);
    task.progress[0]!++;
  }
  return batch;
}

async function run(bytes: Uint8Array): Promise<void> {
  task.input.set(bytes);
  task.progress[1] = bytes.length;
  const fault = await execute(target, bytes, allocations);
  task.progress[2]!++;
  if (fault !== undefined) say({ fault, bytes });
}

/** Adds the inputs of a batch that reach new blocks to the corpus, found by halving, as long as there is time. */
async function keepWhatIsNew(batch: readonly Uint8Array[], end: number): Promise<void> {
  for (const bytes of batch) {
    if (performance.now() > end) return;
    await run(bytes);
  }
  const found = coverage.takeNew();
  if (found.length === 0) return;
  if (batch.length === 1) {
    if (batch[0]!.length <= longestKept) corpus.push(batch[0]!);
    return;
  }
  coverage.forget(found);
  const middle = batch.length >> 1;
  await keepWhatIsNew(batch.slice(0, middle), end);
  await keepWhatIsNew(batch.slice(middle), end);
}
