import { assertOptions, assertWhole } from "../check.ts";
import type { BasicBlockOptions } from "./basic.ts";

/** @throws ZooError unless they are the three whole numbers of a block. */
export function assertBlockOptions(subject: string, options: BasicBlockOptions): void {
  assertSizes(subject, options, { inputChannels: true, outputChannels: true, stride: true });
}

/** @throws ZooError unless each of `names`, and nothing else, is there and a whole number from 1. */
export function assertSizes<Options extends object>(
  subject: string,
  options: Options,
  names: Readonly<Record<keyof Options, true>>,
): void {
  assertOptions(subject, options, names);
  for (const name of Object.keys(names) as (keyof Options & string)[]) {
    assertWhole(`${subject}: ${name}`, options[name], 1);
  }
}
