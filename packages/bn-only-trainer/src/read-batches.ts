import type { Network } from "@bn-only/frozen-layers";
import { abortable } from "./abortable.ts";
import { InvalidOptionError } from "./errors.ts";
import type { Batch, BatchRequest, BatchSource } from "./types.ts";
import { assertBatchSize, assertDelivered, checkBatch } from "./validate.ts";

/**
 * The batches of an epoch, checked and counted: nothing is believed that a source says. The source's
 * iterator is closed whichever way the reader leaves.
 *
 * @param options `seen`: images of this epoch that earlier steps had, where it goes on from `startStep`
 * @throws InvalidOptionError for a batch that does not fit, another size than was asked for, and for more or
 *   fewer images than the source said.
 */
export async function* readBatches(
  network: Network,
  source: BatchSource,
  request: BatchRequest,
  { seen = 0, signal }: { readonly seen?: number; readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<Batch, void> {
  const { size } = source;
  const batches = source.batches(request) as unknown;
  if (!isIterable(batches)) {
    throw new InvalidOptionError(
      `data: batches() must return something to iterate over, such as a generator, got ${String(batches)}.`,
    );
  }
  let images = seen;
  for await (const given of abortable(batches, signal)) {
    if (images >= size) assertDelivered(size, images + (given?.size ?? 1), request.epoch);
    const batch = checkBatch(network, given);
    assertBatchSize(batch, Math.min(request.batchSize, size - images));
    images += batch.size;
    yield batch;
  }
  assertDelivered(size, images, request.epoch);
}

function isIterable(value: unknown): value is Iterable<Batch> | AsyncIterable<Batch> {
  return (
    typeof value === "object" &&
    value !== null &&
    (Symbol.iterator in value || Symbol.asyncIterator in value)
  );
}
