import { rmSync } from "node:fs";
import { basename } from "node:path";
import { BackendInstallError } from "../errors.ts";
import type { InstallContext } from "./context.ts";
import { ProgramError, runProgram } from "./program.ts";

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

/** Looks at every name before it writes anything. Python's zipfile checks the CRC of each file. */
const script = `
import stat, sys, zipfile
source, target, *wanted = sys.argv[1:]
with zipfile.ZipFile(source) as wheel:
    for entry in wheel.infolist():
        parts = entry.filename.split("/")
        link = stat.S_ISLNK(entry.external_attr >> 16)
        if link or parts[0] == "" or ".." in parts or "\\\\" in entry.filename or ":" in parts[0]:
            print("unsafe path: " + ascii(entry.filename)[:200])
            sys.exit(4)
    for entry in wheel.infolist():
        if entry.filename.startswith(tuple(wanted)) and not entry.is_dir():
            wheel.extract(entry, target)
`;

/**
 * Unpacks what is needed of a wheel. One that is damaged, or holds a path that leads out of the folder, is
 * removed, and nothing of it is used.
 *
 * @throws BackendInstallError
 */
export async function unpack(
  { python, env, signal, folder }: InstallContext,
  wheel: string,
  target: string,
): Promise<void> {
  try {
    await runProgram(python, ["-I", "-c", script, wheel, target, ...wanted], {
      env,
      signal,
      cwd: folder,
    });
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    if (/no space left|errno 28/i.test(error.output)) {
      throw new BackendInstallError(
        "the disk became full while unpacking. Free some; the same command goes on from here.",
      );
    }
    rmSync(wheel, { force: true });
    const [, unsafe] = /^unsafe path: (.+)$/m.exec(error.output) ?? [];
    if (unsafe !== undefined) {
      throw new BackendInstallError(
        `the wheel ${basename(wheel)} holds the path ${unsafe}, which may lead out of its folder. It was removed and ` +
          `nothing of it was used. Check pip's index settings.`,
      );
    }
    const complaint = error.output.trim().split("\n").at(-1);
    throw new BackendInstallError(
      `the wheel ${wheel} is damaged (${complaint}) and was removed. Run the same command again; if pip brings ` +
        `the same file, clear its cache with "pip cache purge".`,
    );
  }
}
