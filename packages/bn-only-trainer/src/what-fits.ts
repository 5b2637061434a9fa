import {
  formatBytes,
  isOutOfMemory,
  type Network,
  observeOps,
  OutOfMemoryError,
} from "@bn-only/frozen-layers";
import { getBackend, memory, tidy } from "@tensorflow/tfjs-core";
import type { Batch } from "./types.ts";

/** What a backend that counts its bytes says in an error; ours does. */
interface Figures {
  readonly wantedBytes: number;
  readonly bytesInUse: number;
  readonly limitBytes: number;
}

/** Kernels take a little while they run, and free memory is never in one piece. */
const SAFETY = 0.85;

/**
 * The error of a batch that did not fit in memory, with the number of images that would: `run` tries two and
 * four of them and is told to keep nothing. Any other error as it is.
 *
 * @param what the caller and the option that sets the number of images
 */
export function explainMemory(
  error: unknown,
  { doing, option, advice }: { doing: string; option: string; advice: string },
  network: Network,
  batch: Batch,
  run: (few: Batch) => void,
): unknown {
  if (!isOutOfMemory(error)) return error;
  const figures = error as Partial<Figures>;
  const { wantedBytes, bytesInUse, limitBytes } = figures;
  const known = wantedBytes !== undefined && bytesInUse !== undefined && limitBytes !== undefined;
  const why = known
    ? `${formatBytes(wantedBytes)} more were wanted with ${formatBytes(bytesInUse)} in use, and "${getBackend()}" ` +
      `can have ${formatBytes(limitBytes)}`
    : error.message.replace(/\.$/, "");
  const images = known ? imagesThatFit(network, batch, limitBytes, run) : undefined;
  const fits =
    images === undefined
      ? `Choose a smaller ${option}`
      : images > 0
        ? `About ${images} would: choose ${option} ${images}`
        : `Not even two would: other tensors or the network itself take too much`;
  return new OutOfMemoryError(
    `${doing}: ${batch.size} images of ${network.inputShape.join("x")} at once do not fit ${network.name} in memory ` +
      `(${why}). ${fits}${advice}.`,
    { cause: error },
  );
}

/** Undefined where a few cannot be tried. */
function imagesThatFit(
  network: Network,
  batch: Batch,
  limitBytes: number,
  run: (few: Batch) => void,
): number | undefined {
  if (batch.size <= 4) return undefined;
  try {
    const [two, four] = [2, 4].map((size) => peakBytes(() => run(firstOf(network, batch, size))));
    const perImage = (four! - two!) / 2;
    const others = two! - 2 * perImage;
    if (!(perImage > 0)) return undefined;
    const images = Math.floor((SAFETY * (limitBytes - others)) / perImage);
    // Where it should have fitted, memory was in pieces.
    return images < batch.size ? Math.max(0, rounded(images)) : Math.floor(batch.size / 2);
  } catch (error) {
    return isOutOfMemory(error) ? 0 : undefined;
  }
}

/** Two digits, as more would promise too much. */
function rounded(images: number): number {
  let unit = 1;
  while (unit * 100 <= images) unit *= 10;
  return Math.floor(images / unit) * unit;
}

function firstOf({ inputShape }: Network, { images, labels }: Batch, size: number): Batch {
  const pixels = inputShape.reduce((product, length) => product * length, size);
  return { size, images: images.slice(0, pixels), labels: labels.slice(0, size) };
}

/** The most bytes in use behind any op of `run`, of which nothing stays. */
function peakBytes(run: () => void): number {
  let peak = 0;
  const stop = observeOps(() => {
    peak = Math.max(peak, (memory() as unknown as { numBytesInUse: number }).numBytesInUse);
  });
  try {
    tidy(run);
  } finally {
    stop();
  }
  return peak;
}
