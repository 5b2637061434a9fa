import type { JobObserver, WasmTrainingBackend } from "@bn-only/backend-wasm";
import { backend as currentBackend } from "@tensorflow/tfjs-core";
import { UsageError } from "../../errors.ts";
import { table } from "../../format.ts";

/** A kernel and the sizes it ran with, per step. `host` is what is left: everything between the kernels. */
export interface ProfileRow {
  readonly kernel: string;
  readonly sizes: string;
  readonly runs: number;
  readonly milliseconds: number;
}

/** Where the time of the steps between `begin` and `end` goes, kernel by kernel. */
export class Profile {
  readonly #backend: WasmTrainingBackend;
  readonly #sums = new Map<
    string,
    { kernel: string; sizes: string; runs: number; milliseconds: number }
  >();
  #stop = (): void => {};

  /** @throws UsageError on a backend that does not tell of its kernels. */
  constructor(backendName: string) {
    const backend = currentBackend();
    if (!("observeJobs" in backend)) {
      throw new UsageError(
        `--profile: expected the backend wasm, which times its kernels, got ${backendName}. Add --backend wasm.`,
      );
    }
    this.#backend = backend as unknown as WasmTrainingBackend;
  }

  begin(): void {
    this.#stop = this.#backend.observeJobs(this.#add);
  }

  end(): void {
    this.#stop();
  }

  /** By time; the last is the host. */
  rows(steps: readonly number[]): ProfileRow[] {
    const perStep = (sum: number): number => sum / steps.length;
    const kernels = [...this.#sums.values()].map(({ runs, milliseconds, ...names }) => ({
      ...names,
      runs: perStep(runs),
      milliseconds: perStep(milliseconds),
    }));
    const inKernels = kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    const all = perStep(steps.reduce((sum, milliseconds) => sum + milliseconds, 0));
    const host = { kernel: "host", sizes: "", runs: 1, milliseconds: all - inKernels };
    return [...kernels.toSorted((a, b) => b.milliseconds - a.milliseconds), host];
  }

  table(steps: readonly number[]): string {
    const rows = this.rows(steps);
    const all = rows.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    return table([
      ["ms a step", "share", "runs", "kernel", "sizes"],
      ...rows.map(({ kernel, sizes, runs, milliseconds }) => [
        milliseconds.toFixed(2),
        `${((100 * milliseconds) / all).toFixed(1)} %`,
        String(runs),
        kernel,
        sizes,
      ]),
    ]);
  }

  readonly #add: JobObserver = ({ kernel, args }, milliseconds) => {
    const sizes = sizesOf(args);
    const key = `${kernel} ${sizes}`;
    const sum = this.#sums.get(key) ?? { kernel, sizes, runs: 0, milliseconds: 0 };
    sum.runs++;
    sum.milliseconds += milliseconds;
    this.#sums.set(key, sum);
  };
}

/** What a convolution of backend-wasm does while it reads, and to what it wrote, by its numbers for them. */
const READS = ["", "bn", "bn+relu", "bn gradient", "bn+relu gradient"];
const SUMS = [
  "",
  "statistics",
  "bn gradient",
  "bn+relu gradient",
  "bn+relu gradient",
  "joined gradient",
];

/** `32x32x16 to 16, reads bn+relu, sums statistics` */
function sizesOf(args: Readonly<Record<string, number>>): string {
  const { height, rows, width, channels, outputs, prologueKind = 0, epilogueKind = 0 } = args;
  const shape = [height ?? rows, width, channels].filter((size) => size !== undefined).join("x");
  return [
    shape + (outputs === undefined ? "" : ` to ${outputs}`),
    ...(prologueKind ? [`reads ${READS[prologueKind]}`] : []),
    ...(epilogueKind ? [`sums ${SUMS[epilogueKind]}`] : []),
  ].join(", ");
}
