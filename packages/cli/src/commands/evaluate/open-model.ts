import { readFileSync } from "node:fs";
import { type Model, ModelFileError, readModel } from "@bn-only/trainer";
import { UsageError } from "../../errors.ts";

/** @throws UsageError for a file that cannot be read, ModelFileError for one that is no model. */
export function openModel(file: string): { contents: Uint8Array; model: Model } {
  let contents: Uint8Array;
  try {
    contents = readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") {
      throw new UsageError(`there is no file ${file}. Name the model.safetensors of a run folder.`);
    }
    if (code === "EISDIR") {
      throw new UsageError(`${file} is a folder. Name the model.safetensors in it.`);
    }
    throw new UsageError(`${file} cannot be read: ${message}. Check the path.`);
  }
  return { contents, model: naming(file, () => readModel(contents)) };
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
