import { checkInteger } from "./check.ts";
import type { Labels } from "./types.ts";

/** Zeros for `count` labels below `classes`: 8, 16 or 32 bits each, whichever is enough. */
export function labelArray(count: number, classes: number): Labels {
  checkInteger("count", count, 0, 0xffffffff);
  checkInteger("classes", classes, 0);
  if (classes <= 0x100) return new Uint8Array(count);
  return classes <= 0x10000 ? new Uint16Array(count) : new Int32Array(count);
}
