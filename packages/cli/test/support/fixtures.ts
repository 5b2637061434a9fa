import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  decodeSafetensors,
  encodeSafetensors,
  type SafetensorsFile,
  withChecksum,
} from "@bn-only/trainer";
import { temporaryFolder } from "./folder.ts";
import { run, tiny } from "./io.ts";

/** A model file of a tiny run. */
export async function trainTiny(): Promise<{ folder: string; file: string; bytes: Buffer }> {
  const folder = join(await temporaryFolder(), "run");
  await run(["train", ...tiny, "--no-report", "--out", folder]);
  const file = join(folder, "model.safetensors");
  return { folder, file, bytes: await readFile(file) };
}

/** Writes a model file with other metadata or tensors than that of `bytes`, and a checksum that fits. */
export async function writeAltered(
  bytes: Uint8Array,
  path: string,
  alter: (file: {
    metadata: Map<string, string>;
    tensors: Map<
      string,
      SafetensorsFile["tensors"] extends ReadonlyMap<string, infer T> ? T : never
    >;
  }) => void,
): Promise<void> {
  const { metadata, tensors } = decodeSafetensors(bytes);
  const file = { metadata: new Map(metadata), tensors: new Map(tensors) };
  alter(file);
  await writeFile(path, encodeSafetensors(withChecksum(file)));
}
