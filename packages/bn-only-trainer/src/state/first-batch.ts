import type { Network } from "@bn-only/frozen-layers";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { InvalidOptionError } from "../errors.ts";
import { readBatches } from "../read-batches.ts";
import type { Batch, BatchSource } from "../types.ts";
import type { RunIdentity } from "./training-state.ts";

/** SHA-256 of the first batch of a run: other images, another order or other transforms give another one. */
export class FirstBatch {
  #digest: string | undefined;

  /** @param known of the run that goes on; states of earlier versions do not have it */
  constructor(known: string | undefined) {
    this.#digest = known;
  }

  get identity(): Pick<RunIdentity, "firstBatch"> {
    return this.#digest === undefined ? {} : { firstBatch: this.#digest };
  }

  /** @param step that comes next; only the first is looked at */
  see(batch: Batch, step: number): void {
    if (step === 0) this.#digest ??= digestOf(batch);
  }

  /** @throws InvalidOptionError when the data begin with another batch than the run did. */
  async assertSame(
    network: Network,
    source: BatchSource,
    batchSize: number,
    signal?: AbortSignal,
  ): Promise<void> {
    if (this.#digest === undefined) return;
    const request = { epoch: 0, batchSize, startStep: 0 };
    for await (const batch of readBatches(network, source, request, { signal })) {
      if (digestOf(batch) === this.#digest) return;
      throw new InvalidOptionError(
        "resume: the data begin with another batch than those of the run: other images, or another seed, order, " +
          "normalisation or transforms. Use the data that the run began with; its source must give the same batches whenever it is asked.",
      );
    }
  }
}

function digestOf({ images, labels }: Batch): string {
  const hash = sha256.create();
  for (const { buffer, byteOffset, byteLength } of [images, labels]) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return bytesToHex(hash.digest());
}
