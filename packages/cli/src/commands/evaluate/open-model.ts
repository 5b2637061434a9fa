import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { ModelFileError, NotFiniteError } from "@bn-only/trainer";
import { UsageError } from "../../errors.ts";
import { readRegularFile } from "../../read-file.ts";
import { runFiles } from "../../run/files.ts";
import { fateOf, readRunFile } from "../../run/read.ts";
import { settle } from "../../training/settle.ts";

/** The model of a run folder, or the file itself. */
export function modelFileOf(path: string): string {
  const folder = statSync(path, { throwIfNoEntry: false })?.isDirectory();
  return folder ? join(path, runFiles.model) : path;
}

/** @throws UsageError for a file that cannot be read. */
export async function readModelFile(file: string): Promise<Uint8Array> {
  await settle(dirname(file));
  try {
    return readRegularFile(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw noModel(file);
    if (code === "EISDIR") {
      throw new UsageError(`${file} is a folder. Name the model.safetensors in it.`);
    }
    throw new UsageError(`${file} cannot be read: ${message}. Check the path.`);
  }
}

/** Names the file in errors about what it holds. */
export function naming<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw withName(file, error);
  }
}

/** The trainer reads bytes and does not know which file they came from. */
export function withName(file: string, error: unknown): unknown {
  return error instanceof ModelFileError
    ? new ModelFileError(error.message.replace(/^model file/, file))
    : error;
}

/** Of a loss that is no finite number, the file that it is the fault of. */
export function withLossOf(file: string, error: unknown): unknown {
  if (!NotFiniteError.isInstance(error)) return error;
  const message = `${file}: the network's loss is ${error.loss}. Copy or train it again.`;
  return new ModelFileError(message, { cause: error });
}

/** Where a run is that has no model yet, it says how that run stands. */
function noModel(file: string): UsageError {
  const folder = dirname(file);
  try {
    const run = readRunFile(folder);
    if (run.status !== "finished") {
      return new UsageError(
        `there is no ${file}: ${folder} holds a run that ${fateOf(folder, run)}`,
      );
    }
  } catch {
    // No run folder, or none that can be read.
  }
  return new UsageError(`there is no file ${file}. Name the model.safetensors of a run folder.`);
}
