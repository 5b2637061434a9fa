// One file per backend exports a candidate. `prepare` imports and registers it, and throws when it
// cannot; the message ends up in front of the user, so it says what to install.

/** Options of some backends; the others ignore them. */
export interface BackendOptions {
  /**
   * wasm: from 1 to 64, default `BN_ONLY_THREADS` or the cores of the machine. tensorflow: as of the
   * first load in a process, default `TF_NUM_INTRAOP_THREADS` or the cores.
   */
  readonly threads?: number;
  /** wasm: whether to use fused multiply-add where there is one. Default: true unless `BN_ONLY_FMA` is 0. */
  readonly fma?: boolean;
}

export interface BackendCandidate {
  /** The name users give. */
  readonly name: "cuda" | "tensorflow" | "wasm" | "tfjs-wasm" | "cpu";
  /** Makes the backend known to tfjs and returns tfjs's name for it. */
  prepare(options: BackendOptions): Promise<string>;
  /** What it runs on, in a few words; asked only once it runs. */
  summary(): string;
}

/** Imports an optional peer; the error says what to install. */
export async function importPeer<Module>(
  installed: string,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    const name = installed.replace(/(?<=.)@.*/, "");
    throw new Error(`${name} cannot be imported (${reason}); run "npm install ${installed}"`, {
      cause,
    });
  }
}
