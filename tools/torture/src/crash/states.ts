import type { Operation } from "../layer/operation.ts";
import { hashTree, type Tree } from "../tree.ts";
import { CrashDisk } from "./disk.ts";

export interface CrashState {
  readonly tree: Tree;
  /** The latest moment at which a crash may leave it: so many operations were done. */
  readonly done: number;
}

export interface CrashStates {
  /** With those that are the same as others. */
  readonly enumerated: number;
  readonly states: readonly CrashState[];
}

/** Every state that a crash before, within or after a command may leave, each once. */
export function crashStates(template: Tree, operations: readonly Operation[]): CrashStates {
  const disk = new CrashDisk(template);
  const states = new Map<string, CrashState>();
  let enumerated = 0;
  const collect = (done: number): void => {
    for (const tree of disk.crashes()) {
      enumerated += 1;
      states.set(hashTree(tree), { tree, done });
    }
  };
  collect(0);
  for (const [i, operation] of operations.entries()) {
    disk.apply(operation);
    collect(i + 1);
  }
  return { enumerated, states: [...states.values()] };
}
