import type { Layer, LayerDescription } from "@bn-only/frozen-layers";
import type { Channel, Feature } from "./feature.ts";
import { inside, type Numbers } from "./numbers.ts";
import type { Carriers } from "./plan.ts";
import type { Trace } from "./trace.ts";

/** Layers and their numbers, as they will be. */
export interface Rewritten {
  readonly layer: LayerDescription;
  readonly numbers: Numbers;
}

interface Rewriting extends Trace {
  readonly carriers: Carriers;
  readonly old: Numbers;
  readonly numbers: Map<string, Float32Array>;
  /** What a convolution does not add any more, for the BatchNorm that reads it. */
  readonly missing: Map<Layer, Float64Array>;
}

/** The network without the features that are not needed. Paths stay. */
export function withoutUnneeded(
  root: Layer,
  description: LayerDescription,
  parts: { readonly trace: Trace; readonly carriers: Carriers; readonly numbers: Numbers },
): Rewritten {
  const { trace, carriers, numbers: old } = parts;
  const rewriting: Rewriting = {
    ...trace,
    carriers,
    old,
    numbers: new Map(old),
    missing: new Map(),
  };
  const layer = rewrite(root, description, rewriting);
  return { layer, numbers: rewriting.numbers };
}

function rewrite(
  layer: Layer,
  description: LayerDescription,
  rewriting: Rewriting,
): LayerDescription {
  const { features, reads } = rewriting;
  if (reads.has(layer)) return rewriteMixing(layer, description, rewriting);
  if (features.has(layer)) {
    const rewriteEach = layer.kind === "batchNorm" ? rewriteBatchNorm : rewriteDepthwise;
    return rewriteEach(layer, description, rewriting);
  }
  const children = Object.entries(description.children ?? {}).map(
    ([name, child]) => [name, rewrite(layer.children[name]!, child, rewriting)] as const,
  );
  return { ...description, ...(children.length > 0 && { children: Object.fromEntries(children) }) };
}

function rewriteBatchNorm(
  layer: Layer,
  description: LayerDescription,
  { features, missing, old, numbers }: Rewriting,
): LayerDescription {
  const stays = positions(features.get(layer)!);
  for (const name of ["gamma", "beta", "mean", "variance"]) {
    const path = inside(layer.path, name);
    const values = old.get(path);
    if (values === undefined) continue;
    const less = name === "mean" ? missing.get(layer) : undefined;
    numbers.set(
      path,
      Float32Array.from(stays, (at) => values[at]! - (less?.[at] ?? 0)),
    );
  }
  return { ...description, options: { ...description.options, channels: stays.length } };
}

/** A convolution of each channel on its own: inputs and outputs are the same features. */
function rewriteDepthwise(
  layer: Layer,
  description: LayerDescription,
  { features, old, numbers }: Rewriting,
): LayerDescription {
  const stays = positions(features.get(layer)!);
  for (const name of ["kernel", "bias"]) {
    const path = inside(layer.path, name);
    const values = old.get(path);
    if (values) numbers.set(path, columns(values, features.get(layer)!.length, stays));
  }
  const count = stays.length;
  const sizes = { inputChannels: count, outputChannels: count, groups: count };
  return { ...description, options: { ...description.options, ...sizes } };
}

/** A convolution of one group, or a dense layer. */
function rewriteMixing(
  layer: Layer,
  description: LayerDescription,
  rewriting: Rewriting,
): LayerDescription {
  const { features, reads, carriers, normalizers, old, numbers } = rewriting;
  const inputs = reads.get(layer)!;
  const outputs = features.get(layer)!;
  const [from, to] = [positions(inputs.map(({ feature }) => feature)), positions(outputs)];
  const [kernelPath, biasPath] = ["kernel", "bias"].map((name) => inside(layer.path, name)) as [
    string,
    string,
  ];
  const carried = carry(old.get(kernelPath)!, inputs, outputs.length, carriers.get(layer));
  numbers.set(kernelPath, pick(carried.kernel, [inputs.length, from], [outputs.length, to]));

  const normalizer = normalizers.get(layer);
  const bias = old.get(biasPath);
  const constants = carried.sums.some((sum) => sum !== 0);
  if (constants && normalizer) {
    rewriting.missing.set(normalizer, carried.sums);
    if (bias) numbers.set(biasPath, columns(bias, outputs.length, to));
  } else if (constants || bias) {
    numbers.set(
      biasPath,
      Float32Array.from(to, (at) => (bias?.[at] ?? 0) + carried.sums[at]!),
    );
  }
  const isDense = layer.kind === "dense";
  const sizes = isDense
    ? { inputs: from.length, outputs: to.length }
    : { inputChannels: from.length, outputChannels: to.length };
  const options = { ...description.options, ...sizes };
  return {
    ...description,
    options: { ...options, ...(constants && !normalizer && { bias: true }) },
  };
}

/**
 * What the constant inputs that go have contributed: in the weights of the carrier where there is one, else as one sum
 * for each output.
 */
function carry(
  kernel: Float32Array,
  inputs: readonly Channel[],
  outputs: number,
  carrier: number | undefined,
): { readonly kernel: Float64Array; readonly sums: Float64Array } {
  const weights = Float64Array.from(kernel);
  const sums = new Float64Array(outputs);
  inputs.forEach(({ feature, constant = 0 }, input) => {
    if (feature.needed || constant === 0) return;
    for (let first = 0; first < kernel.length; first += inputs.length * outputs) {
      for (let output = 0; output < outputs; output++) {
        const part = constant * kernel[first + input * outputs + output]!;
        if (carrier === undefined) sums[output]! += part;
        else weights[first + carrier * outputs + output]! += part / inputs[carrier]!.constant!;
      }
    }
  });
  return { kernel: weights, sums };
}

type Kept = readonly [of: number, positions: readonly number[]];

/** Some inputs and outputs of a kernel `[…, inputs, outputs]`. */
function pick(values: ArrayLike<number>, [inputs, from]: Kept, [outputs, to]: Kept): Float32Array {
  const pixels = values.length / (inputs * outputs);
  const picked = new Float32Array(pixels * from.length * to.length);
  let next = 0;
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (const input of from) {
      const row = (pixel * inputs + input) * outputs;
      for (const output of to) picked[next++] = values[row + output]!;
    }
  }
  return picked;
}

/** Some of the last dimension. */
function columns(values: Float32Array, of: number, stays: readonly number[]): Float32Array {
  return pick(values, [1, [0]], [of, stays]);
}

function positions(features: readonly Feature[]): number[] {
  return features.flatMap(({ needed }, at) => (needed ? [at] : []));
}
