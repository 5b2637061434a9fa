import { allocate } from "../allocate.ts";
import type { ImageShape } from "../types.ts";

/**
 * Room for the images of a batch.
 *
 * @throws OptionError when they do not fit into memory
 */
export function batchImages(count: number, shape: ImageShape): Float32Array<ArrayBuffer> {
  const values = count * shape[0] * shape[1] * shape[2];
  return allocate("batchSize", () => new Float32Array(values), {
    content: `${count} images of ${shape.join("x")}`,
    advice: "Choose a smaller one.",
  });
}
