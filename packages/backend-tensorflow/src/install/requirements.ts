import { existsSync, mkdirSync, statfsSync } from "node:fs";
import type { TensorflowDevice } from "../installation.ts";
import { bytes } from "./bytes.ts";
import { BackendInstallError } from "../errors.ts";
import { ProgramError, runProgram } from "./program.ts";
import type { InstallContext } from "./context.ts";

/** Of disk: the wheels and what is unpacked of them, at the same time. */
const neededBytes: Readonly<Record<TensorflowDevice, number>> = { cpu: 2e9, cuda: 12e9 };

const instead = 'The WASM backend needs none of this: "--backend wasm".';

interface Machine {
  readonly platform: string;
  readonly arch: string;
  /** Of glibc; absent where the C library is another one. */
  readonly glibc: string | undefined;
}

export function thisMachine(): Machine {
  const { header } = process.report.getReport() as {
    header: { glibcVersionRuntime?: string };
  };
  return {
    platform: process.platform,
    arch: process.arch,
    glibc: header.glibcVersionRuntime,
  };
}

/** @throws BackendInstallError where TensorFlow's wheels do not run. */
export function assertPlatform({ platform, arch, glibc }: Machine): void {
  const machine = `${platform}-${arch}`;
  if (platform !== "linux" || !["x64", "arm64"].includes(arch)) {
    throw new BackendInstallError(
      `native TensorFlow is built on Linux for x64 and arm64 only, this is ${machine}. ` +
        `On Windows, use the Linux of WSL 2. ${instead}`,
    );
  }
  if (glibc === undefined) {
    throw new BackendInstallError(
      `TensorFlow's wheels need glibc, which this ${machine} does not have (Alpine has musl). ` +
        `Use an image on Debian, such as node:22-bookworm. ${instead}`,
    );
  }
  const [major = 0, minor = 0] = glibc.split(".").map(Number);
  if (major < 2 || (major === 2 && minor < 27)) {
    throw new BackendInstallError(
      `TensorFlow's wheels need glibc 2.27 or newer, this machine has ${glibc}. ${instead}`,
    );
  }
}

/** @throws BackendInstallError that names the first thing that is missing. */
export async function assertRequirements(context: InstallContext): Promise<void> {
  await assertPython(context);
  await assertCompiler(context);
  await assertNpm(context);
}

async function assertPython({ python, env, signal, folder }: InstallContext): Promise<void> {
  try {
    await runProgram(python, ["-m", "pip", "--version"], { env, signal, cwd: folder });
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    if (error.missing) {
      throw new BackendInstallError(
        `there is no "${python}", whose pip finds TensorFlow. Install Python 3 with pip ` +
          `(Debian: apt install python3-pip), or name another with --python. It is not needed later. ${instead}`,
      );
    }
    throw new BackendInstallError(
      `"${python}" has no pip, which finds TensorFlow. Install it (Debian: apt install python3-pip), ` +
        `or name another Python with --python. It is not needed later. ${instead}`,
    );
  }
}

async function assertCompiler({ env, signal, folder }: InstallContext): Promise<void> {
  const compiler = compilerOf(env);
  try {
    await runProgram(compiler, ["--version"], { env, signal, cwd: folder });
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    throw new BackendInstallError(
      `there is no C++ compiler "${compiler}", which builds the addon. Install one (Debian: apt install g++; ` +
        `Fedora: dnf install gcc-c++), or name another in the variable CXX. ${instead}`,
    );
  }
}

async function assertNpm({ env, signal, folder }: InstallContext): Promise<void> {
  try {
    await runProgram("npm", ["--version"], { env, signal, cwd: folder });
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    throw new BackendInstallError(
      `there is no npm on the PATH, which fetches tfjs-node. It comes with Node. ${instead}`,
    );
  }
}

export function compilerOf(env: InstallContext["env"]): string {
  return env["CXX"] || "g++";
}

/** @throws BackendInstallError when the disk of the folder has too little room. */
export function assertDisk({ folder, device }: InstallContext, free = freeBytes(folder)): void {
  const needed = neededBytes[device];
  if (free >= needed) return;
  throw new BackendInstallError(
    `TensorFlow needs ${bytes(needed)} of disk while it is installed, ${folder} has ${bytes(free)}. ` +
      `Free some, or name a folder on another disk in the variable BN_ONLY_BACKENDS.`,
  );
}

function freeBytes(folder: string): number {
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
