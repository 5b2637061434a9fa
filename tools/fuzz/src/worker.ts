// Mutates and parses, in a thread of its own that can be ended.

import { parentPort, workerData } from "node:worker_threads";
import { countAllocations } from "./allocations.ts";
import { startCoverage } from "./coverage.ts";
import { execute } from "./execute.ts";
import { longestInput, mutate } from "./mutate.ts";
import type { WorkerMessage, WorkerTask } from "./protocol.ts";
import { randomFrom } from "./random.ts";
import { loadTarget } from "./targets/index.ts";

/** Executions of a target for which there is always time, however slow the machine. */
const least = 64;

/** Inputs between two looks at the coverage, at the least and at the most. */
const [fewest, most] = [64, 16_384];

/** The part of the time that these looks may take: some 40 ms each where there is much code. */
const share = 0.05;

/** The part of it that a search for the inputs of new code may take; what is not found now is found later. */
const searchShare = 0.1;

/** Milliseconds that a search may take at the beginning, and the part of all the time. */
const [firstSearch, firstShare] = [2000, 0.2];

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
/** Bytes of what is kept, at the most: mutations of long inputs take long. */
const longestKept = 4 * Math.max(256, ...corpus.map(({ length }) => length));

for (const bytes of corpus) await run(bytes);
coverage.look().remember();
const started = performance.now();
// Below 0 as long as there is time from the beginning.
let searching = -Math.min(firstSearch, firstShare * task.milliseconds);
let size = fewest;
while (mayGoOn()) {
  const batch = mutated(size);
  const asked = performance.now();
  // What the mutations ran does not count.
  coverage.look();
  const cost = 2 * (performance.now() - asked);
  const began = performance.now();
  await runNew(batch);
  const took = performance.now() - began;
  const look = coverage.look();
  size = Math.min(most, Math.max(fewest, Math.round((size * cost) / share / took)));
  if (look.news === 0) continue;
  const now = performance.now();
  const left = searchShare * (now - started) - searching;
  if (left <= 0) continue;
  const end = Math.min(until, now + left);
  await keepHalves(batch, end);
  // Some code runs once.
  if (performance.now() < end) look.remember();
  searching += performance.now() - now;
}
say({ corpus: corpus.length, code: coverage.bytes });

function mayGoOn(): boolean {
  const executions = task.progress[0]!;
  return executions < task.executions && (executions < least || performance.now() < until);
}

function mutated(count: number): Uint8Array[] {
  const batch: Uint8Array[] = [];
  let bytes = 0;
  while (batch.length < count && bytes < mostBytes) {
    const input = mutate(random.pick(corpus), random.pick(corpus), target, random);
    batch.push(input);
    bytes += input.length;
    task.progress[2]!++;
  }
  return batch;
}

async function runNew(batch: readonly Uint8Array[]): Promise<void> {
  for (const bytes of batch) {
    if (!mayGoOn()) return;
    await run(bytes);
    task.progress[0]!++;
  }
}

async function run(bytes: Uint8Array): Promise<void> {
  task.input.set(bytes);
  task.progress[1] = bytes.length;
  const fault = await execute(target, bytes, allocations);
  task.progress[2]!++;
  if (fault !== undefined) say({ fault, bytes });
}

/** Adds the inputs of a batch that run new code to the corpus, as long as there is time. */
async function keepWhatIsNew(batch: readonly Uint8Array[], end: number): Promise<void> {
  coverage.look();
  for (const bytes of batch) {
    if (performance.now() > end) return;
    await run(bytes);
  }
  const look = coverage.look();
  if (look.news === 0) return;
  if (batch.length > 1) return keepHalves(batch, end);
  look.remember();
  if (batch[0]!.length <= longestKept) corpus.push(batch[0]!);
}

async function keepHalves(batch: readonly Uint8Array[], end: number): Promise<void> {
  const middle = (batch.length + 1) >> 1;
  await keepWhatIsNew(batch.slice(0, middle), end);
  await keepWhatIsNew(batch.slice(middle), end);
}
