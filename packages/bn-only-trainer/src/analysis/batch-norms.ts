import { type Layer, type Network, type Parameter, walk } from "@bn-only/frozen-layers";

/** A layer with gamma or beta, or both. */
export interface AffineLayer {
  readonly layer: Layer;
  readonly gamma: Parameter | undefined;
  readonly beta: Parameter | undefined;
}

/** In the order in which they run. */
export function affineLayers({ layer: root }: Network): AffineLayer[] {
  return [...walk(root)].flatMap((layer) => {
    const [gamma, beta] = ["bn.gamma", "bn.beta"].map((role) =>
      layer.parameters.find((parameter) => parameter.role === role),
    );
    return gamma || beta ? [{ layer, gamma, beta }] : [];
  });
}
