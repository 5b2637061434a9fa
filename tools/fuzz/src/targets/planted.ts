import { inflateRawSync } from "node:zlib";
import { bomb } from "../structures/deflate.ts";
import { encode } from "../structures/json.ts";
import type { Target } from "../target.ts";

/** What the parsers below may allocate. */
const limit = 1 << 20;

/** A parser with a fault that every 50th input or so shows. */
function faulty(fault: () => unknown): Target {
  return {
    seeds: () => [encode("a well-formed file")],
    run: (bytes) => (bytes[0] === 0x62 ? fault() : undefined),
    typed: () => false,
    limit: () => limit,
    structured: [(bytes) => bytes.with(0, 0x61 + (bytes.length % 3))],
  };
}

/** Seconds of this process that pass while the machine does something else do not count. */
function compute(seconds: number): void {
  const used = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  };
  const end = used() + seconds;
  while (used() < end);
}

/**
 * Parsers with one fault each, by which the test of this tool shows that it finds such a fault, and with what
 * is just no fault.
 */
export const planted: Readonly<Record<string, Target>> = {
  "planted-crash": faulty(() => process.exit(3)),
  "planted-endless": faulty(() => compute(Infinity)),
  "planted-slow": faulty(() => compute(1.2)),
  "planted-untyped": faulty(() => (undefined as unknown as string[]).length),
  "planted-array": faulty(() => new Float32Array(limit)),
  "planted-copy": faulty(() => new Uint8Array(limit).slice().slice()),
  "planted-objects": faulty(() => Array.from({ length: limit / 8 }, (_, i) => ({ i }))),
  "planted-inflated": faulty(() => inflateRawSync(bomb(4 * limit))),
  /** Reached one letter at a time, and by chance never. */
  "planted-deep": {
    ...faulty(() => undefined),
    // Each line is a block of its own, which the coverage tells apart.
    run(bytes) {
      if (bytes[0] !== 0x64) return;
      if (bytes[1] !== 0x65) return;
      if (bytes[2] !== 0x65) return;
      if (bytes[3] !== 0x70) return;
      throw new Error("reached");
    },
    structured: [],
  },
  "planted-nothing": faulty(() => {
    compute(0.3);
    return new Uint8Array(1.9 * limit);
  }),
};
