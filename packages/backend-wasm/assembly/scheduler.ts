// One job at a time: a kernel, a number of chunks, arguments. All threads, the host's own included,
// take chunk numbers from one counter until none is left.
//
// A thread may wake late and look for work while the host prepares the next job. This is safe: it
// reads a job only after it got one of its chunks, and a job with an unfinished chunk stays in place.
import {
  ARGUMENTS,
  CHUNKS,
  DONE,
  GENERATION,
  KERNEL,
  LEFT,
  SCRATCH,
  SCRATCH_BYTES,
  SLEEPERS,
} from "./control";

/** About a tenth of a millisecond: longer than the host takes from one job to the next. */
const SPINS = 100_000;
const NANOSECONDS_PER_WAIT: i64 = 100_000_000;

/** Posts a job, works on it, and returns how many chunks are done: all, or see `wait`. */
export function run(kernel: i32, chunks: i32, mayBlock: bool): i32 {
  store<i32>(KERNEL, kernel);
  store<i32>(CHUNKS, chunks);
  if (ASC_FEATURE_THREADS) {
    atomic.store<i32>(DONE, 0);
    atomic.store<i32>(LEFT, chunks);
    if (chunks > 1) {
      atomic.add<i32>(GENERATION, 1);
      if (atomic.load<i32>(SLEEPERS) > 0) atomic.notify(GENERATION, chunks - 1);
    }
    takeChunks(0);
    return wait(chunks, mayBlock);
  } else {
    const scratch = load<usize>(SCRATCH);
    for (let chunk = 0; chunk < chunks; chunk++) {
      call_indirect<void>(kernel, ARGUMENTS, chunk, scratch);
    }
    return chunks;
  }
}

/** Waits a while for the other threads and returns how many of the chunks are done. */
export function wait(chunks: i32, mayBlock: bool): i32 {
  if (ASC_FEATURE_THREADS) {
    for (let spin = 0; spin < SPINS; spin++) {
      if (atomic.load<i32>(DONE) == chunks) return chunks;
    }
    const done = atomic.load<i32>(DONE);
    if (mayBlock && done < chunks) atomic.wait<i32>(DONE, done, NANOSECONDS_PER_WAIT);
    return atomic.load<i32>(DONE);
  } else {
    return chunks;
  }
}

/** The life of a worker thread: takes chunks of one job after the other and never returns. */
export function work(thread: i32): void {
  if (ASC_FEATURE_THREADS) {
    while (true) {
      const generation = atomic.load<i32>(GENERATION);
      takeChunks(thread);
      sleep(generation);
    }
  }
}

/** Returns when there is another job than `generation`. */
function sleep(generation: i32): void {
  for (let spin = 0; spin < SPINS; spin++) {
    if (atomic.load<i32>(GENERATION) != generation) return;
  }
  atomic.add<i32>(SLEEPERS, 1);
  atomic.wait<i32>(GENERATION, generation, -1);
  atomic.sub<i32>(SLEEPERS, 1);
}

function takeChunks(thread: i32): void {
  while (true) {
    const left = atomic.sub<i32>(LEFT, 1);
    if (left <= 0) return;
    const chunks = load<i32>(CHUNKS);
    const scratch = load<usize>(SCRATCH) + thread * load<usize>(SCRATCH_BYTES);
    call_indirect<void>(load<i32>(KERNEL), ARGUMENTS, chunks - left, scratch);
    if (atomic.add<i32>(DONE, 1) == chunks - 1 && thread > 0) atomic.notify(DONE, 1);
  }
}
