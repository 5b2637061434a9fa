import { centerCrop } from "./center-crop.ts";
import { cover } from "./cover.ts";
import { cropWithPadding } from "./crop-with-padding.ts";
import { horizontalFlip } from "./horizontal-flip.ts";
import { randomResizedCrop } from "./random-resized-crop.ts";
import type { TransformRecipe } from "./recipe.ts";
import { resize } from "./resize.ts";
import type { Transform } from "./transform.ts";

const makers: Readonly<Record<string, (options: never) => Transform>> = {
  centerCrop,
  cover,
  cropWithPadding,
  horizontalFlip,
  randomResizedCrop,
  resize,
};

/** The transforms that `recipesOf` has seen, made again. */
export function fromRecipes(recipes: readonly TransformRecipe[]): Transform[] {
  return recipes.map(({ name, options }) => makers[name]!(options as never));
}
