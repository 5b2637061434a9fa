import { FrozenLayersError } from "../errors.ts";
import type { Layer } from "./layer.ts";

/**
 * @throws FrozenLayersError for a child that is no layer, and for a name that cannot be a part of a path:
 * empty, with a "/", or a whole number, which JavaScript would move before all other names.
 */
export function assertChildren(kind: string, children: Readonly<Record<string, Layer>>): void {
  if (typeof children !== "object" || children === null || Array.isArray(children)) {
    throw new FrozenLayersError(`${kind}: expected layers by name, { conv: conv2d(…) }.`);
  }
  for (const [name, child] of Object.entries(children)) {
    if (name === "" || name.includes("/") || /^\d+$/.test(name)) {
      throw new FrozenLayersError(
        `${kind}: "${name}" cannot name a layer: a name is not empty, has no "/", and is no whole number, ` +
          `which JavaScript would move to the front. Call it "layer${name.replaceAll("/", "_")}".`,
      );
    }
    if (!isLayer(child)) {
      throw new FrozenLayersError(
        `${kind}: "${name}" is no layer, but ${child === null ? "null" : typeof child}. Give what conv2d(…), ` +
          `defineLayer(…) and their like return.`,
      );
    }
  }
}

function isLayer(value: unknown): boolean {
  const layer = value as Partial<Layer> | null | undefined;
  return typeof layer?.forward === "function" && typeof layer.outline === "function";
}
