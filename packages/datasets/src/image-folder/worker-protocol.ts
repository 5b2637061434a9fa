import type { Image } from "../transforms/transform.ts";
import type { TransformRecipe } from "../transforms/recipe.ts";
import type { SliceSettings } from "./slice.ts";

/** What a reading thread is told at its start; then it gets one slice after another. */
export interface WorkerStart {
  readonly settings: SliceSettings;
  /** Undefined when a transform is somebody else's: functions stay in their thread. */
  readonly recipes: readonly TransformRecipe[] | undefined;
}

/** What it says to a slice: the finished images, or the decoded ones, or what is wrong. */
export type WorkerAnswer =
  | { readonly result: Float32Array<ArrayBuffer> }
  | { readonly images: readonly Image[] }
  | { readonly message: string; readonly file?: string };
