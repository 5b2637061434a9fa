import { recipesOf } from "../transforms/recipe.ts";
import type { Transform } from "../transforms/transform.ts";
import { readingThreads } from "./reading-threads.ts";
import { decodeSlice, sliceFinisher } from "./slice.ts";
import type { Slice, SliceSettings } from "./slice.ts";

/** Turns slices into normalised images, here or in threads, with the same bits. */
export interface SliceReader {
  read(slice: Slice): Promise<Float32Array>;
  /** Ends the threads; what is unfinished rejects with `reason`. */
  close(reason: unknown): void;
}

/** @param threads 0 to read in this thread */
export function openSliceReader(
  settings: SliceSettings,
  transforms: readonly Transform[],
  threads: number,
): SliceReader {
  const finish = sliceFinisher(settings, transforms);
  if (threads === 0) {
    const closed = new AbortController();
    return {
      read: async (slice) => finish(slice, await decodeSlice(slice, settings, closed.signal)),
      close: (reason) => closed.abort(reason),
    };
  }
  const pool = readingThreads(threads, { settings, recipes: recipesOf(transforms) });
  return {
    async read(slice) {
      const answer = await pool.run(slice);
      return "result" in answer ? answer.result : finish(slice, answer.images);
    },
    close: (reason) => pool.close(reason),
  };
}
