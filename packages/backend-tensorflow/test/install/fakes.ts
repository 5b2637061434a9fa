import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import { installTensorflow } from "../../src/install/index.ts";

/** A machine that has the programs that were put there, and no others. */
export interface FakeMachine {
  /** Where backends are installed. */
  readonly backends: string;
  /** Puts a program there: a script for sh. */
  put(name: string, script: string): Promise<void>;
  /** What the programs were called with, line by line. */
  calls(): Promise<string[]>;
  /** Installs with a Python of that name; what was said, and the error that it ended with. */
  install(python?: string): Promise<Outcome>;
  /** The same, interrupted after a call that contains `text`. */
  installUntil(text: string): Promise<Outcome>;
  files(): Promise<string[]>;
}

interface Outcome {
  readonly out: string;
  readonly error: Error | undefined;
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

  const start = async (python: string, signal: AbortSignal): Promise<Outcome> => {
    let out = "";
    const say = (text: string): void => void (out += `${text}\n`);
    try {
      await installTensorflow({ device: "cpu", python, env, signal, say });
      return { out, error: undefined };
    } catch (error) {
      return { out, error: error as Error };
    }
  };

  return {
    backends: backends!,
    calls,
    async put(name, script) {
      const file = join(programs!, name);
      await writeFile(file, `#!/bin/sh\necho "${name} $*" >> "$FAKE_LOG"\n${script}\n`);
      await chmod(file, 0o755);
    },
    install: (python = "python3") => start(python, new AbortController().signal),
    async installUntil(text) {
      const controller = new AbortController();
      const running = start("python3", controller.signal);
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
