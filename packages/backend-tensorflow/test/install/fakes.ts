import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import { installTensorflow } from "../../src/install/index.ts";
import type { InstallOptions } from "../../src/install/install.ts";
import type { PinnedWheel } from "../../src/install/pins.ts";

/** An empty file is the published wheel here. */
export const fakeWheel = "tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl";

const pins: readonly PinnedWheel[] = ["x64", "arm64"].map((arch) => ({
  device: "cpu",
  arch,
  project: arch === "x64" ? "tensorflow-cpu" : "tensorflow",
  version: "2.21.0",
  file: arch === "x64" ? fakeWheel : fakeWheel.replace("_cpu", ""),
  sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
}));

/** A machine that has the programs that were put there, and no others. */
export interface FakeMachine {
  /** Where backends are installed. */
  readonly backends: string;
  /** Puts a program there: a script for sh. */
  put(name: string, script: string): Promise<void>;
  /** What the programs were called with, line by line. */
  calls(): Promise<string[]>;
  /** Where they were started. */
  folders(): Promise<string[]>;
  /** Installs with a Python of that name; what was said, and the error that it ended with. */
  install(python?: string, options?: Partial<InstallOptions>): Promise<Outcome>;
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

  const lines = async (): Promise<string[]> =>
    (await readFile(log!, "utf8").catch(() => "")).split("\n").filter(Boolean);
  const calls = async (): Promise<string[]> =>
    (await lines()).filter((line) => !line.startsWith("in "));

  const start = async (
    python: string,
    signal: AbortSignal,
    options: Partial<InstallOptions> = {},
  ): Promise<Outcome> => {
    let out = "";
    const say = (text: string): void => void (out += `${text}\n`);
    try {
      await installTensorflow({ device: "cpu", python, env, signal, say, pins, ...options });
      return { out, error: undefined };
    } catch (error) {
      return { out, error: error as Error };
    }
  };

  return {
    backends: backends!,
    calls,
    folders: async () =>
      (await lines()).filter((line) => line.startsWith("in ")).map((line) => line.slice(3)),
    async put(name, script) {
      const file = join(programs!, name);
      await writeFile(
        file,
        `#!/bin/sh\necho "${name} $*" >> "$FAKE_LOG"\necho "in $PWD" >> "$FAKE_LOG"\n${script}\n`,
      );
      await chmod(file, 0o755);
    },
    install: (python = "python3", options = {}) =>
      start(python, new AbortController().signal, options),
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
  download = `: > "$wheels/${fakeWheel}"`,
  unpack = '/bin/mkdir -p "$target/tensorflow"',
} = {}): string {
  return `
case "$1 $2" in
  "-m pip")
    if [ "$3" = --version ]; then exit 0; fi
    while [ "$1" != --dest ]; do shift; done
    wheels=$2
    ${download} ;;
  *)
    target=$5
    ${unpack} ;;
esac`;
}

/** With Python, pip, a compiler and npm that do nothing and succeed. */
export async function completeMachine(): Promise<FakeMachine> {
  const machine = await fakeMachine();
  await machine.put("python3", fakePython());
  await machine.put("g++", "");
  await machine.put("npm", "");
  return machine;
}
