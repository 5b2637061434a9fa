import { readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bytes } from "./bytes.ts";
import { BackendInstallError } from "../errors.ts";
import type { InstallContext } from "./context.ts";
import { partialFolder } from "./partial.ts";
import type { PinnedWheel } from "./pins.ts";
import { ProgramError, runProgram } from "./program.ts";

/** A Python for which TensorFlow has wheels, where the user's own has none: no Python code is used. */
const otherPython = "3.12";

/**
 * Downloads exactly this file, whatever Python the user has: no Python code of it is used. pip refuses another.
 *
 * @throws BackendInstallError
 */
export async function downloadPinned(
  context: InstallContext,
  wheels: string,
  pin: PinnedWheel,
): Promise<void> {
  const partial = partialFolder(join(wheels, "requirements"));
  const requirements = join(partial, "requirements.txt");
  writeFileSync(requirements, `${pin.project}==${pin.version} --hash=sha256:${pin.sha256}\n`);
  try {
    await download(context, wheels, [
      "--require-hashes",
      "--only-binary=:all:",
      ...tagsOf(pin.file),
      "--requirement",
      requirements,
    ]);
  } catch (error) {
    throw pipError(error, pin.project, `${pin.project} ${pin.version}`);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** pip's options for the Python and the systems that a wheel's name tells. */
export function tagsOf(file: string): string[] {
  const [python = "", abi = "", platforms = ""] = file
    .replace(/\.whl$/, "")
    .split("-")
    .slice(-3);
  const [, implementation = "py", version = "3"] = /^([a-z]+)(\d+)/.exec(python) ?? [];
  const wanted = version.length > 1 ? version.replace(/^(\d)/, "$1.") : otherPython;
  return [
    "--implementation",
    implementation,
    "--abi",
    abi,
    "--python-version",
    wanted,
    ...platforms.split(".").flatMap((platform) => ["--platform", platform]),
  ];
}

/**
 * Downloads what pip's index offers for a requirement.
 *
 * @throws BackendInstallError
 */
export async function downloadUnverified(
  context: InstallContext,
  wheels: string,
  requirement: string,
): Promise<void> {
  try {
    await download(context, wheels, [requirement]);
  } catch (error) {
    if (!(error instanceof ProgramError) || !noneFound(error)) {
      throw pipError(error, requirement, requirement);
    }
    try {
      const flags = ["--only-binary=:all:", "--python-version", otherPython];
      await download(context, wheels, [...flags, requirement]);
    } catch (second) {
      const worst = second instanceof ProgramError && noneFound(second) ? error : second;
      throw pipError(worst, requirement, requirement);
    }
  }
}

/** pip's temporary files go beside the wheels: /tmp may be small, and their size is the progress. */
async function download(
  { python, env, signal, say, folder }: InstallContext,
  wheels: string,
  args: readonly string[],
): Promise<void> {
  const temporary = partialFolder(join(wheels, "partial"));
  const progress = setInterval(() => say(`  ${bytes(sizeOf(temporary))} so far`), 10_000);
  try {
    const options = ["--no-deps", "--no-input", "--disable-pip-version-check", "--dest", wheels];
    await runProgram(python, ["-m", "pip", "download", ...options, ...args], {
      env: { ...env, TMPDIR: temporary },
      signal,
      cwd: folder,
    });
  } finally {
    clearInterval(progress);
    rmSync(temporary, { recursive: true, force: true });
  }
}

const noneFound = ({ output }: ProgramError): boolean => /no matching distribution/i.test(output);

function pipError(error: unknown, project: string, wanted: string): unknown {
  if (!(error instanceof ProgramError)) return error;
  const { output } = error;
  if (noneFound(error)) {
    return new BackendInstallError(
      `pip finds no wheel of ${wanted} for this machine. Look at "pip index versions ${nameOf(project)}" and at ` +
        `pip's index settings, or name another Python with --python.`,
    );
  }
  if (/do not match the hashes/i.test(output)) {
    const [, got = "another"] = /Got\s+([0-9a-f]{64})/.exec(output) ?? [];
    return new BackendInstallError(
      `what pip's index offers as ${wanted} is not the published wheel (its SHA-256 is ${got}); none of it was used. ` +
        `Check pip's index settings, and clear its cache with "pip cache purge".`,
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
    `pip could not download ${wanted}: ${complaint || error.message}. The same command goes on with what is missing.`,
  );
}

/** Of a requirement, the project alone. */
export function nameOf(requirement: string): string {
  return requirement.split(/[<>=!~ [(]/)[0]!;
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
