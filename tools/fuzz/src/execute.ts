import type { Allocations } from "./allocations.ts";
import type { FaultKind, Target } from "./target.ts";

/** What was wrong with one execution. */
export interface Fault {
  readonly kind: FaultKind;
  /** The error's stack, seconds, or bytes. */
  readonly detail: string;
  /** Executions with the same key show one fault. */
  readonly key: string;
}

/** Seconds of computing after which an execution hangs. */
const longest = 1;

/**
 * One execution, and what is wrong with it. What takes too long or too much is tried again, since the
 * machine may have been busy or a collection of garbage due: only what happens three times counts, by the
 * processor's time, which costs more to ask for than many an execution. What is not typed is thrown again
 * for its stack, which would slow down the many errors that are.
 */
export async function execute(
  target: Target,
  bytes: Uint8Array,
  allocations: Allocations,
): Promise<Fault | undefined> {
  let fault: Fault | undefined;
  for (let attempt = 0; attempt < 3; attempt++) {
    fault = await executeOnce(target, bytes, allocations, attempt === 0 ? clock : computing);
    if (fault?.kind === "untyped") return withStack(target, bytes, allocations, fault);
    if (fault === undefined) break;
  }
  return fault;
}

async function withStack(
  target: Target,
  bytes: Uint8Array,
  allocations: Allocations,
  fault: Fault,
): Promise<Fault> {
  const depth = Error.stackTraceLimit;
  Error.stackTraceLimit = 10;
  try {
    return (await executeOnce(target, bytes, allocations, clock)) ?? fault;
  } finally {
    Error.stackTraceLimit = depth;
  }
}

async function executeOnce(
  target: Target,
  bytes: Uint8Array,
  allocations: Allocations,
  now: () => number,
): Promise<Fault | undefined> {
  const input = bytes.slice();
  const started = now();
  allocations.start();
  try {
    const result = target.run(input);
    if (result instanceof Promise) await result;
  } catch (error) {
    if (!target.typed(error)) {
      const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
      const where = /\n\s+at (\S+)/.exec(stack)?.[1] ?? "";
      const name = error instanceof Error ? error.name : typeof error;
      return { kind: "untyped", detail: stack, key: `untyped ${name} ${where}` };
    }
  }
  const allocated = allocations.stop();
  const seconds = now() - started;
  const limit = target.limit(bytes.length);
  if (allocated > 2 * limit) {
    const detail = `${allocated} bytes, the limit is ${limit}`;
    return { kind: "memory", detail, key: "memory" };
  }
  if (seconds > longest) return { kind: "hang", detail: `${seconds.toFixed(2)} s`, key: "hang" };
  return undefined;
}

/** Seconds, which pass while the machine does something else. */
function clock(): number {
  return performance.now() / 1000;
}

/** Seconds that this process has computed. */
function computing(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
