import { posix } from "node:path";
import type { Operation } from "./layer/operation.ts";

/** How often a file was put in its place by a rename and its folder synced after, by the number of operations done. */
export function timesKept(
  operations: readonly Operation[],
  path: RegExp,
): (done: number) => number {
  const moments: number[] = [];
  let waiting: string | undefined;
  for (const [i, operation] of operations.entries()) {
    if (operation.op === "rename" && path.test(operation.to)) waiting = posix.dirname(operation.to);
    if (operation.op === "sync" && operation.path === waiting) {
      moments.push(i + 1);
      waiting = undefined;
    }
  }
  return (done) => moments.filter((moment) => moment <= done).length;
}
