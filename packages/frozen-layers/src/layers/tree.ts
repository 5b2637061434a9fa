import { FrozenLayersError } from "../errors.ts";
import { assertChildren } from "./children.ts";
import { type Layer, walk } from "./layer.ts";

/**
 * Gives every layer, parameter and statistic of a tree its path.
 *
 * @throws FrozenLayersError when a layer or a parameter stands at two places, two have one path, or a name
 * cannot be a part of a path.
 */
export function assignPaths(root: Layer): void {
  const places = new Map<object, string>();
  const paths = new Set<string>();
  const visit = (layer: Layer, path: string): void => {
    place(places, layer, path);
    assertChildren(layer.kind, layer.children);
    const below = path === "" ? "" : `${path}/`;
    layer.path = path;
    for (const state of [...layer.parameters, ...layer.buffers]) {
      const own = below + state.name;
      place(places, state, own);
      if (paths.has(own)) {
        throw new FrozenLayersError(
          `outlineNetwork: two parameters or statistics have the path "${own}". Name them apart.`,
        );
      }
      paths.add(own);
      state.path = own;
    }
    for (const [name, child] of Object.entries(layer.children)) visit(child, below + name);
  };
  visit(root, "");
}

function place(places: Map<object, string>, thing: object, path: string): void {
  const other = places.get(thing);
  if (other !== undefined) {
    throw new FrozenLayersError(
      `outlineNetwork: one layer or parameter stands at "${other}" and at "${path}". Make a layer for each place.`,
    );
  }
  places.set(thing, path);
}

/** @throws FrozenLayersError when a network that was not disposed holds values in this tree. */
export function assertUnused(name: string, root: Layer): void {
  for (const { parameters, buffers } of walk(root)) {
    const used = [...parameters, ...buffers].find(({ hasValue }) => hasValue);
    if (used === undefined) continue;
    throw new FrozenLayersError(
      `${name}: "${used.path}" belongs to a network already. Make new layers, or dispose that network first.`,
    );
  }
}
