import { assertOptions, assertWhole } from "../check.ts";
import type { BasicBlockOptions } from "./basic.ts";

/** @throws ZooError unless they are the three whole numbers of a block. */
export function assertBlockOptions(subject: string, options: BasicBlockOptions): void {
  assertOptions(subject, options, { inputChannels: true, outputChannels: true, stride: true });
  for (const [name, value] of Object.entries(options)) assertWhole(`${subject}: ${name}`, value, 1);
}
