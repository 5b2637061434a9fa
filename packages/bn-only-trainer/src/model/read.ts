import { assertChecksum } from "./checksum.ts";
import type { FileBytes } from "./bytes.ts";
import { type ModelMetadata, parseMetadata, versionOf } from "./metadata.ts";
import { decodeSafetensors, type StoredTensor } from "./safetensors.ts";

/** What `readModel` found in a file; `rebuildModel` and `restoreModel` make a network of it. */
export interface Model {
  readonly metadata: ModelMetadata;
  /**
   * By path: gamma, beta and running statistics of every BatchNorm, and all else that the seed does not
   * give. Of a tensor of which few numbers differ, these alone, and their positions under `<path>#indices`.
   */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Sentences about the file that its user should read. */
  readonly warnings: readonly string[];
}

/**
 * Reads a file of `saveModel` and verifies its checksum, without making the network: whether one fits is told
 * by `checkModel`. Files of version 1, which have no checksum, are read with a warning. Nothing is executed.
 *
 * @throws ModelFileError when the bytes are not a whole model of a version that this package knows.
 */
export function readModel(file: FileBytes): Model {
  const contents = decodeSafetensors(file);
  const version = versionOf(contents.metadata);
  if (version === "2") assertChecksum(contents);
  return {
    metadata: parseMetadata(contents.metadata),
    tensors: contents.tensors,
    warnings:
      version === "1"
        ? [
            "the model file is of version 1, which has no checksum: whether it was altered cannot be told",
          ]
        : [],
  };
}
