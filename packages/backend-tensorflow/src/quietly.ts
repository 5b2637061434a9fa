import { tensorflowFiles } from "./installation.ts";

interface StderrAddon {
  /** Returns a descriptor of what standard error was before; -1 where that failed. */
  replaceStderr(descriptor: number): number;
  restoreStderr(before: number): void;
}

/** `I0000 00:00:…`, and the line that says that such lines come. */
const information = /^(?:I\d{4} |WARNING: All log messages before absl::InitializeLog)/;

/**
 * Runs `load`, which loads TensorFlow's libraries, and keeps from standard error what they merely tell.
 * They write two lines while they are loaded, whatever TF_CPP_MIN_LOG_LEVEL says. Warnings and errors
 * are passed on afterwards.
 */
export function quietly<Result>(folder: string, load: () => Result): Result {
  const { createRequire } = process.getBuiltinModule("node:module");
  const { closeSync, mkdtempSync, openSync, readFileSync, rmSync } =
    process.getBuiltinModule("node:fs");
  const { tmpdir } = process.getBuiltinModule("node:os");
  const { join } = process.getBuiltinModule("node:path");
  const file = join(folder, tensorflowFiles.stderr);
  const { replaceStderr, restoreStderr } = createRequire(file)(file) as StderrAddon;
  const written = mkdtempSync(join(tmpdir(), "bn-only-log-"));
  const log = join(written, "log");
  const descriptor = openSync(log, "a");
  const before = replaceStderr(descriptor);
  try {
    return load();
  } finally {
    restoreStderr(before);
    closeSync(descriptor);
    const lines = readFileSync(log, "utf8").split("\n");
    rmSync(written, { recursive: true });
    const telling = lines.filter((line) => line !== "" && !information.test(line));
    if (telling.length > 0) process.stderr.write(`${telling.join("\n")}\n`);
  }
}
