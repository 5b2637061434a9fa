/** Options of some backends; the others ignore them. */
export interface BackendOptions {
  /**
   * Threads that compute, from 1 to 64. wasm: default `BN_ONLY_THREADS` or the cores of the machine.
   * tensorflow: as of the first load in a process, default `TF_NUM_INTRAOP_THREADS` or the cores.
   */
  readonly threads?: number | undefined;
  /** wasm: whether to use fused multiply-add where there is one. Default: true unless `BN_ONLY_FMA` is 0. */
  readonly fma?: boolean | undefined;
  /** wasm: whether to have V8 make one vector of two, in Node 24 and newer. Default: false unless `BN_ONLY_REVEC` is 1. */
  readonly revec?: boolean | undefined;
  /** wasm: addresses of its kernels and of the script of a thread. Default: they are inside the script. */
  readonly assets?:
    | { readonly kernels?: string | URL | undefined; readonly thread?: string | URL | undefined }
    | undefined;
}

/** A backend that took the place of another one under the same name, until it has passed the self-test. */
export interface PreparedBackend {
  /** tfjs's name for it. */
  readonly tfjsName: string;
  /** It is good: ends what it replaces. */
  keep(): void | Promise<void>;
  /** It is not: ends it, and has what it replaced back. */
  undo(): void | Promise<void>;
}

/**
 * One way to compute that `useBackend` can choose: the contract of a backend of your own.
 *
 * Nothing is loaded before `prepare`. What it prepared must pass a self-test, three training steps
 * with PyTorch's losses, before it is used.
 */
export interface BackendCandidate {
  /** The name that users give, and that events and results have: `wasm`. Not `auto`. */
  readonly name: string;
  /**
   * Whether it could be the fastest on some machine. `auto` times those; of the others it takes the
   * first that works, and only when none of those does.
   */
  readonly couldWin: boolean;
  /**
   * Imports what it needs, registers it with tfjs and returns tfjs's name for it. It may be called
   * again in the same process, with other options too; what is registered already may stay, or give way
   * to a `PreparedBackend`. If it throws, what was there before must be as it was.
   *
   * @throws Error when it cannot run here. The message goes into a sentence in front of the user, so it
   * says what to install: `not installed; run "npm install my-backend"`.
   */
  prepare(options: BackendOptions): Promise<string | PreparedBackend>;
  /**
   * Why `auto` must not take what was prepared, though it works: a GPU that a program plays. Asked once it is
   * prepared; undefined when there is nothing against it. Default: nothing.
   */
  onlyByName?(): string | undefined;
  /** What it runs on, in a few words; asked only once it runs: `WebAssembly, 2 threads`. */
  summary(): string;
  /**
   * What `prepare` would run, found without loading it: versions, a folder; undefined when there is
   * nothing. What `auto` has measured holds until this changes. Default: always the same.
   */
  identity?(): Promise<string | undefined>;
}
