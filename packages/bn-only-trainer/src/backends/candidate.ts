// One file per backend exports a candidate. `prepare` imports and registers it, and throws when it
// cannot; the message ends up in front of the user, so it says what to install.

export interface BackendCandidate {
  /** The name users give. */
  readonly name: "cuda" | "tensorflow" | "wasm" | "cpu";
  /** Makes the backend known to tfjs and returns tfjs's name for it. */
  prepare(): Promise<string>;
  /** What it runs on, in a few words; asked only once it runs. */
  summary(): string;
}

/** Imports an optional peer; the error names the package to install. */
export async function importPeer(name: string, load: () => Promise<unknown>): Promise<void> {
  try {
    await load();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new Error(`${name} cannot be imported (${reason}); run "npm install ${name}@4.22.0"`, {
      cause,
    });
  }
}
