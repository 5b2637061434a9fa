import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import { run } from "../support/io.ts";

/** A machine that has the programs that were put there, and no others. */
export interface FakeMachine {
  /** Where backends are installed. */
  readonly backends: string;
  /** Puts a program there: a script for sh. */
  put(name: string, script: string): Promise<void>;
  /** What the programs were called with, line by line. */
  calls(): Promise<string[]>;
  install(...args: string[]): Promise<{ code: number; out: string; error: string }>;
  /** The same, interrupted after a call that contains `text`. */
  installUntil(text: string): Promise<{ code: number; error: string }>;
  files(): Promise<string[]>;
}

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

export async function fakeMachine(): Promise<FakeMachine> {
  const root = await mkdtemp(join(tmpdir(), "bn-only-backend-"));
  folders.push(root);
  const [programs, backends, log] = ["programs", "backends", "log"].map((name) => join(root, name));
  await mkdir(programs!);
  const env = { PATH: programs, BN_ONLY_BACKENDS: backends, NO_COLOR: "1", FAKE_LOG: log };

  const calls = async (): Promise<string[]> =>
    (await readFile(log!, "utf8").catch(() => "")).split("\n").filter(Boolean);

  const start = async (args: readonly string[], signal: AbortSignal) => {
    const { code, out, err } = await run(["backend", "install", "tensorflow", ...args], {
      env,
      signal,
    });
    return { code, out, error: err };
  };

  return {
    backends: backends!,
    calls,
    async put(name, script) {
      const file = join(programs!, name);
      await writeFile(file, `#!/bin/sh\necho "${name} $*" >> "$FAKE_LOG"\n${script}\n`);
      await chmod(file, 0o755);
    },
    install: (...args) => start(args, new AbortController().signal),
    async installUntil(text) {
      const controller = new AbortController();
      const running = start([], controller.signal);
      while (!(await calls()).some((call) => call.includes(text))) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      controller.abort();
      return running;
    },
    files: async () => (await readdir(backends!, { recursive: true }).catch(() => [])).sort(),
  };
}

/** pip downloads a wheel, scripts unpack it; `download` and `unpack` replace these. */
export function fakePython({
  download = '/bin/touch "$wheels/tensorflow_cpu-9.8.7-cp311-cp311-manylinux.whl"',
  unpack = '/bin/mkdir -p "$target/tensorflow"',
} = {}): string {
  return `
case "$2" in
  pip)
    if [ "$3" = --version ]; then exit 0; fi
    while [ "$1" != --dest ]; do shift; done
    wheels=$2
    ${download} ;;
  *)
    target=$4
    ${unpack} ;;
esac`;
}
