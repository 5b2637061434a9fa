import { describeLayer, type Layer, type LayerDescription } from "@bn-only/frozen-layers";
import { affineOf, inside, type Numbers } from "./numbers.ts";

interface Folding {
  readonly old: Numbers;
  /** Kernels and biases get their new numbers here; paths stay. */
  readonly numbers: Map<string, Float32Array>;
}

type Entry = readonly [name: string, layer: Layer];
type Named = readonly [name: string, description: LayerDescription];

/** A layer without the BatchNorms that what stands before them can take. */
export function foldLayer(layer: Layer, folding: Folding): LayerDescription {
  const children = Object.entries(layer.children);
  switch (layer.kind) {
    case "sequential":
    case "checkpointedSequential":
      return { kind: "sequential", children: Object.fromEntries(foldChain(children, folding)) };
    case "residual":
      return foldResidual(layer, folding, false).description;
    default: {
      const description = describeLayer(layer);
      if (children.length === 0) return description;
      const folded = children.map(([name, child]) => [name, foldLayer(child, folding)]);
      return { ...description, children: Object.fromEntries(folded) };
    }
  }
}

function foldChain(entries: readonly Entry[], folding: Folding): Named[] {
  const taken = new Set(entries.map(([name]) => name));
  const chain: Named[] = [];
  for (let i = 0; i < entries.length; i++) {
    const [name, layer] = entries[i]!;
    const [nextName, next] = entries[i + 1] ?? [];
    if (next?.kind === "batchNorm" && takesScale(layer)) {
      chain.push([name, foldInto(layer, next, folding)]);
      if (next.activation) chain.push([nextName!, activationOf(next.activation)]);
      i += 1;
    } else if (layer.kind === "residual") {
      const { description, activation } = foldResidual(layer, folding, true);
      chain.push([name, description]);
      if (activation)
        chain.push([freeName(`${name}-${activation}`, taken), activationOf(activation)]);
    } else chain.push([name, foldLayer(layer, folding)]);
  }
  return chain;
}

function freeName(name: string, taken: Set<string>): string {
  const free = taken.has(name) ? freeName(`${name}-`, taken) : name;
  taken.add(free);
  return free;
}

/**
 * A block whose join is a BatchNorm: that one goes into the convolution before it, and the activation behind the block. Where
 * nothing can stand behind the block, a join with an activation stays.
 */
function foldResidual(
  layer: Layer,
  folding: Folding,
  inChain: boolean,
): { readonly description: LayerDescription; readonly activation?: Layer["activation"] } {
  const { shortcut, ...rest } = layer.children;
  const projects = layer.options?.["shortcut"] === true;
  const body = Object.entries(projects ? rest : layer.children);
  const [lastName, last] = body.at(-1)!;
  const [beforeName, before] = body.at(-2) ?? [];
  const joins = last.kind === "batchNorm";
  const folds = joins && before && takesScale(before) && (inChain || !last.activation);
  let chain: Named[];
  if (folds) {
    const folded = foldInto(before, last, folding);
    chain = [...foldChain(body.slice(0, -2), folding), [beforeName!, folded]];
  } else if (joins) {
    chain = [...foldChain(body.slice(0, -1), folding), [lastName, describeLayer(last)]];
  } else chain = foldChain(body, folding);
  if (projects) chain.push(["shortcut", foldLayer(shortcut!, folding)]);
  const options = { shortcut: projects };
  const description = { kind: "residual", options, children: Object.fromEntries(chain) };
  return { description, activation: folds ? last.activation : undefined };
}

/** Whether its last operation is a convolution or a dense layer. */
function takesScale({ kind, children }: Layer): boolean {
  const last = Object.values(children).at(-1);
  if (kind === "sequential" && last) return takesScale(last);
  return kind === "conv2d" || kind === "dense";
}

function activationOf(kind: Layer["activation"]): LayerDescription {
  return { kind: "activation", options: { kind } };
}

/** The convolution or dense layer with the BatchNorm's scale in its kernel and all that is added in its bias, or the chain that ends in it. */
function foldInto(layer: Layer, norm: Layer, folding: Folding): LayerDescription {
  if (layer.kind === "sequential") {
    const before = Object.entries(layer.children);
    const [name, last] = before.pop()!;
    const chain = [...foldChain(before, folding), [name, foldInto(last, norm, folding)] as Named];
    return { kind: "sequential", children: Object.fromEntries(chain) };
  }
  const { old, numbers } = folding;
  const { scale, shift } = affineOf(norm, old);
  const [kernelPath, biasPath] = [inside(layer.path, "kernel"), inside(layer.path, "bias")];
  const bias = old.get(biasPath);
  const channels = scale.length;
  numbers.set(
    kernelPath,
    old.get(kernelPath)!.map((weight, i) => weight * scale[i % channels]!),
  );
  numbers.set(
    biasPath,
    Float32Array.from(shift, (value, i) => value + (bias?.[i] ?? 0) * scale[i]!),
  );
  const { kind, options } = describeLayer(layer);
  return { kind, options: { ...options, bias: true } };
}
