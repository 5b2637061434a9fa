import { show } from "@bn-only/errors";
import { FrozenLayersError } from "../errors.ts";
import type { Layer } from "./layer.ts";

/**
 * @throws FrozenLayersError for a child that is no layer, and for a name that cannot be a part of a path:
 * empty, with a "/", or a whole number, which JavaScript would move before all other names.
 */
export function assertChildren(kind: string, children: Readonly<Record<string, Layer>>): void {
  if (typeof children !== "object" || children === null || Array.isArray(children)) {
    throw new FrozenLayersError(
      `${kind}: expected layers by name, { conv: conv2d(…) }, got ${show(children)}.`,
    );
  }
  for (const [name, child] of Object.entries(children)) {
    if (name === "" || name.includes("/") || /^\d+$/.test(name)) {
      throw new FrozenLayersError(
        `${kind}: "${name}" cannot name a layer: a name is not empty, has no "/", and is no whole number, ` +
          `which JavaScript would move to the front. Call it "layer${name.replaceAll("/", "_")}".`,
      );
    }
    assertLayer(`${kind}: "${name}"`, child);
  }
}

/** @throws FrozenLayersError for what no factory of layers has made. */
export function assertLayer(subject: string, value: unknown): asserts value is Layer {
  const layer = value as Partial<Layer> | null | undefined;
  const fits =
    typeof layer?.forward === "function" &&
    typeof layer.outline === "function" &&
    typeof layer.children === "object" &&
    Array.isArray(layer.parameters) &&
    Array.isArray(layer.buffers);
  if (fits) return;
  throw new FrozenLayersError(
    `${subject} is no layer, but ${show(value)}. Give what conv2d(…), defineLayer(…) and their like return.`,
  );
}
