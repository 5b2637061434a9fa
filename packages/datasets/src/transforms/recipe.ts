import type { Transform } from "./transform.ts";

/** A transform as data, from which another thread can make it again. */
export interface TransformRecipe {
  readonly name: string;
  readonly options: unknown;
}

const recipes = new WeakMap<Transform, TransformRecipe>();

/** A transform of this package, with what makes it again. */
export function builtIn(name: string, options: unknown, parts: Omit<Transform, "name">): Transform {
  const transform: Transform = { name, ...parts };
  recipes.set(transform, { name, options });
  return transform;
}

/** The recipes of a list, or undefined when one of them was written by someone else. */
export function recipesOf(transforms: readonly Transform[]): TransformRecipe[] | undefined {
  const found = transforms.map((transform) => recipes.get(transform));
  return found.includes(undefined) ? undefined : (found as TransformRecipe[]);
}
