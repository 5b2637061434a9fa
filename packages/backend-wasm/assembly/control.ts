// The first page of the memory; the host reads these addresses from the module's exports. What
// several threads write has a cache line of its own. Constants of kernels begin at 8192, the heap
// at 65536.

/** Counts jobs; workers sleep on it. */
export const GENERATION: usize = 64;
/** Chunks of the job that nobody took yet, or less than 1. */
export const LEFT: usize = 128;
/** Chunks that are finished; the host sleeps on it. */
export const DONE: usize = 192;
/** How many workers sleep. */
export const SLEEPERS: usize = 256;

/** The job. */
export const KERNEL: usize = 320;
export const CHUNKS: usize = 324;
/** Scratch memory of thread 0, and the bytes of each thread. */
export const SCRATCH: usize = 328;
export const SCRATCH_BYTES: usize = 332;

/** The number of a thread that stopped inside a kernel, and why: zero-terminated UTF-8. */
export const CRASHED: usize = 336;
export const CRASH_TEXT: usize = 512;
export const CRASH_TEXT_BYTES: usize = 512;

/** Up to 512 float64. */
export const ARGUMENTS: usize = 4096;
