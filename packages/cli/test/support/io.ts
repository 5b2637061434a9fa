import type { Io } from "../../src/io.ts";
import { main } from "../../src/main.ts";

export interface FakeIo extends Io {
  /** What was written to stdout so far. */
  readonly out: () => string;
  readonly err: () => string;
}

interface FakeIoOptions {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly env?: Io["env"];
  readonly signal?: AbortSignal;
  /** Called with everything that goes to stdout. */
  readonly onWrite?: (text: string) => void;
}

export function fakeIo(options: FakeIoOptions = {}): FakeIo {
  const { isTTY = false, columns = 80, env = {}, onWrite = () => {} } = options;
  const { signal = new AbortController().signal } = options;
  let [out, err] = ["", ""];
  return {
    stdout: {
      isTTY,
      columns,
      write(text) {
        out += text;
        onWrite(text);
      },
    },
    stderr: {
      write(text) {
        err += text;
      },
    },
    env,
    signal,
    out: () => out,
    err: () => err,
  };
}

/** One command line in this process. */
export async function run(args: readonly string[], options: FakeIoOptions = {}) {
  const io = fakeIo(options);
  const code = await main(args, io);
  return { code, out: io.out(), err: io.err() };
}

/** The objects of `--json`. */
export function parseLines(text: string): Record<string, unknown>[] {
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** A run of less than a second that needs no network. */
export const tiny: readonly string[] =
  "cifar-resnet-8 --dataset synthetic --train-size 16 --test-size 8 --batch-size 8 --epochs 1".split(
    " ",
  );
