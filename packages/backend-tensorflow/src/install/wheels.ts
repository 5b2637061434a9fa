import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { tensorflowFiles } from "../installation.ts";
import { bytes } from "./bytes.ts";
import { BackendInstallError } from "../errors.ts";
import { ProgramError, runProgram } from "./program.ts";
import type { InstallContext } from "./context.ts";
import { assertDisk } from "./requirements.ts";

/** What is unpacked: libraries, headers that those of the C API include, and NVIDIA's libraries. */
const wanted = [
  "tensorflow/libtensorflow",
  "tensorflow/include/tensorflow/c/",
  "tensorflow/include/tensorflow/core/common_runtime/next_pluggable_device/c/",
  "tensorflow/include/tensorflow/core/platform/",
  "tensorflow/include/tsl/",
  "tensorflow/include/xla/tsl/",
  "nvidia/",
];

/** A Python for which TensorFlow has wheels, where the user's own has none: no Python code is used. */
const otherPython = "3.12";

/**
 * Downloads the wheel of TensorFlow, and with CUDA those of NVIDIA that it asks for, and unpacks
 * what is needed. Returns the file name of TensorFlow's wheel.
 */
export async function fetchWheels(context: InstallContext): Promise<string> {
  const { folder, say, device } = context;
  const site = join(folder, tensorflowFiles.site);
  const wheels = join(folder, "wheels");
  const finished = existsSync(site) && readdirSync(site).find((name) => name.endsWith(".whl"));
  if (finished) return finished;

  assertDisk(context);
  mkdirSync(wheels, { recursive: true });
  const project = device === "cuda" || process.arch === "arm64" ? "tensorflow" : "tensorflow-cpu";
  const wheel = await fetchWheel(context, wheels, project);
  if (device === "cuda") {
    for (const requirement of await cudaRequirements(context, join(wheels, wheel))) {
      await fetchWheel(context, wheels, requirement);
    }
  }

  const partial = `${site}.part`;
  rmSync(partial, { recursive: true, force: true });
  for (const name of readdirSync(wheels).filter((file) => file.endsWith(".whl"))) {
    say(`unpacking ${name}`);
    await unpack(context, join(wheels, name), partial);
  }
  // An empty file with the wheel's name keeps its version in mind.
  writeFileSync(join(partial, wheel), "");
  rmSync(site, { recursive: true, force: true });
  renameSync(partial, site);
  rmSync(wheels, { recursive: true });
  return wheel;
}

/** The newest wheel that the user's pip finds for a requirement; kept where it is there already. */
async function fetchWheel(
  context: InstallContext,
  wheels: string,
  requirement: string,
): Promise<string> {
  const project = requirement.split(/[<>=!~ [(]/)[0]!;
  const present = () =>
    readdirSync(wheels).find((name) => name.startsWith(`${project.replaceAll("-", "_")}-`));
  const before = present();
  if (before !== undefined) return before;
  context.say(`downloading ${project} with ${context.python} -m pip`);
  try {
    await download(context, wheels, [requirement]);
  } catch (error) {
    if (!(error instanceof ProgramError) || !noneFound(error)) throw pipError(error, project);
    try {
      const flags = ["--only-binary=:all:", "--python-version", otherPython];
      await download(context, wheels, [...flags, requirement]);
    } catch (second) {
      throw pipError(second instanceof ProgramError && noneFound(second) ? error : second, project);
    }
  }
  const wheel = present();
  if (wheel === undefined) throw new BackendInstallError(`pip left no wheel of ${project}.`);
  return wheel;
}

/** pip's temporary files go beside the wheels: /tmp may be small, and their size is the progress. */
async function download(
  { python, env, signal, say }: InstallContext,
  wheels: string,
  args: readonly string[],
): Promise<void> {
  const temporary = join(wheels, "partial");
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary);
  const progress = setInterval(() => say(`  ${bytes(sizeOf(temporary))} so far`), 10_000);
  try {
    const options = ["--no-deps", "--no-input", "--disable-pip-version-check", "--dest", wheels];
    await runProgram(python, ["-m", "pip", "download", ...options, ...args], {
      env: { ...env, TMPDIR: temporary },
      signal,
    });
  } finally {
    clearInterval(progress);
    rmSync(temporary, { recursive: true, force: true });
  }
}

const noneFound = ({ output }: ProgramError): boolean => /no matching distribution/i.test(output);

function pipError(error: unknown, project: string): unknown {
  if (!(error instanceof ProgramError)) return error;
  const { output } = error;
  if (noneFound(error)) {
    return new BackendInstallError(
      `pip finds no wheel of ${project} for this machine. Look at "pip index versions ${project}" and at ` +
        `pip's index settings, or name another Python with --python.`,
    );
  }
  if (/no space left|errno 28/i.test(output)) {
    return new BackendInstallError(
      "the disk became full while pip downloaded. Free some, or name a folder on another disk in the variable " +
        "BN_ONLY_BACKENDS. The same command goes on with what is missing.",
    );
  }
  const complaint = output.match(/^ERROR: (.+)$/m)?.[1] ?? output.trim().split("\n").at(-1);
  return new BackendInstallError(
    `pip could not download ${project}: ${complaint || error.message}. The same command goes on with what is missing.`,
  );
}

/** What the wheel's metadata list under the extra `and-cuda`, such as `nvidia-cudnn-cu12<10,>=9.3`. */
async function cudaRequirements(
  { python, env, signal }: InstallContext,
  wheel: string,
): Promise<string[]> {
  const script =
    "import sys, zipfile; w = zipfile.ZipFile(sys.argv[1]); " +
    "print(w.read(next(n for n in w.namelist() if n.endswith('.dist-info/METADATA'))).decode())";
  const { stdout } = await runProgram(python, ["-c", script, wheel], { env, signal });
  return cudaRequirementsOf(stdout);
}

export function cudaRequirementsOf(metadata: string): string[] {
  const pattern = /^Requires-Dist: ([^;\n]+);[^\n]*extra == ["']and-cuda["']/gm;
  return [...metadata.matchAll(pattern)].map(([, requirement]) =>
    requirement!.replaceAll(/[\s()]/g, ""),
  );
}

/** Python's zipfile checks the CRC of each file. A wheel that is damaged is removed. */
async function unpack(
  { python, env, signal }: InstallContext,
  wheel: string,
  target: string,
): Promise<void> {
  const script = [
    "import sys, zipfile",
    "source, target, *wanted = sys.argv[1:]",
    "with zipfile.ZipFile(source) as wheel:",
    "    for name in wheel.namelist():",
    "        if name.startswith(tuple(wanted)) and not name.endswith('/'): wheel.extract(name, target)",
  ].join("\n");
  try {
    await runProgram(python, ["-c", script, wheel, target, ...wanted], { env, signal });
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    if (/no space left|errno 28/i.test(error.output)) {
      throw new BackendInstallError(
        "the disk became full while unpacking. Free some; the same command goes on from here.",
      );
    }
    rmSync(wheel, { force: true });
    const complaint = error.output.trim().split("\n").at(-1);
    throw new BackendInstallError(
      `the wheel ${wheel} is damaged (${complaint}) and was removed. Run the same command again; if pip brings ` +
        `the same file, clear its cache with "pip cache purge".`,
    );
  }
}

function sizeOf(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.reduce(
    (sum, entry) =>
      entry.isFile()
        ? sum + (statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0)
        : sum,
    0,
  );
}
