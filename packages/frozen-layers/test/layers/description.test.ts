import { describe, expect, test } from "vitest";
import {
  activation,
  averagePool,
  batchNorm,
  buildLayer,
  checkpointed,
  checkpointedSequential,
  concat,
  conv2d,
  defineLayer,
  dense,
  describeLayer,
  flatten,
  fromFunction,
  gated,
  globalAveragePool,
  identity,
  type Layer,
  type LayerDescription,
  maxPool,
  outlineNetwork,
  pad,
  residual,
  sequential,
  slice,
} from "../../src/index.ts";

/** One of every kind, with options that are no defaults. */
function everything(): Layer {
  return sequential({
    pad: pad({ top: 1, right: 2 }),
    conv: conv2d({
      inputChannels: 3,
      outputChannels: 4,
      kernelSize: [1, 3],
      stride: 2,
      bias: true,
    }),
    bn: batchNorm(4, { affine: "gamma", activation: "relu6", epsilon: 0.5, momentum: 0.25 }),
    max: maxPool({ size: 3, stride: 1, padding: 1 }),
    mean: averagePool({ size: 2, stride: 1 }),
    block: residual({
      body: { depthwise: conv2d({ inputChannels: 4, outputChannels: 4, groups: 4, padding: 1 }) },
      shortcut: conv2d({ inputChannels: 4, outputChannels: 4, kernelSize: 1, role: "shortcut" }),
    }),
    named: residual({ body: { shortcut: batchNorm(4) } }),
    parts: concat({
      all: identity(),
      some: slice({ begin: [0, 0, 1], size: [7, 8, 2] }),
    }),
    gate: gated(
      sequential({
        pool: globalAveragePool(),
        dense: dense({ inputs: 6, outputs: 6, bias: false, role: "conv" }),
        sigmoid: activation("sigmoid"),
      }),
    ),
    flat: flatten(),
    head: dense({ inputs: 336, outputs: 2 }),
  });
}

const outlineOf = (layer: Layer) => {
  const definition = { name: "everything", layer, inputShape: [15, 17, 3], classes: 2 };
  const { parameters, buffers, macs } = outlineNetwork(definition);
  const states = [...parameters, ...buffers];
  return { states: states.map(({ path, role, shape }) => [path, role, shape]), macs };
};

const gate = { kind: "identity" };
const block = { kind: "residual", children: { inner: { kind: "identity" } } };

describe("describeLayer and buildLayer", () => {
  test("one of every kind, through JSON: the same layers", () => {
    const description = describeLayer(everything());
    const again = buildLayer(JSON.parse(JSON.stringify(description)) as LayerDescription);
    expect(describeLayer(again)).toEqual(description);
    expect(outlineOf(again)).toEqual(outlineOf(everything()));
  });

  test("checkpointing is written as what it computes", () => {
    const layer = checkpointedSequential({ a: identity(), b: flatten() });
    expect(describeLayer(layer as Layer)).toEqual({
      kind: "sequential",
      children: { a: { kind: "identity" }, b: { kind: "flatten" } },
    });
  });

  test.each<[string, () => Layer]>([
    ["fromFunction", () => fromFunction((input) => input) as Layer],
    ["checkpointed", () => checkpointed(identity()) as Layer],
    [
      "mine",
      () =>
        defineLayer({
          kind: "mine",
          outline: (outputShape) => ({ outputShape, macs: 0 }),
          forward: (output) => ({ output, saved: undefined }),
          backward: () => undefined,
        }),
    ],
  ])("%s is refused by name", (kind, make) => {
    const layer = sequential({ inner: make() }) as Layer;
    outlineNetwork({
      name: "n",
      layer: sequential({ layer, flat: flatten() }),
      inputShape: [1, 1, 2],
      classes: 2,
    });
    expect(() => describeLayer(layer)).toThrow(
      `describeLayer: the layer "layer/inner" is a ${kind}, which cannot be written down.`,
    );
  });

  test.each<[string, unknown, string]>([
    ["null", null, "buildLayer: expected { kind, options, children } with a kind of activation,"],
    ["a list of children", { kind: "sequential", children: [] }, "buildLayer: expected"],
    ["a kind of Object", { kind: "constructor" }, 'of kind "constructor"'],
    ["no options", { kind: "conv2d" }, "conv2d: inputChannels must be a whole number"],
    ["a gate without one", { kind: "gated" }, "gated: the gate is no layer"],
    ["a block without its shortcut", { ...block, options: { shortcut: true } }, "is no layer"],
    [
      "a flattening of something",
      { kind: "flatten", options: { axis: 1 } },
      'flatten has no "axis"',
    ],
    ["an identity with a child", { ...block, kind: "identity" }, 'identity has no "inner"'],
    ["two gates", { kind: "gated", children: { gate, other: gate } }, 'gated has no "other"'],
    [
      "a number as a name",
      { kind: "sequential", children: { 1: { kind: "identity" } } },
      '"1" cannot name a layer',
    ],
  ])("%s is no description", (_, value, message) => {
    expect(() => buildLayer(value as LayerDescription)).toThrow(message);
  });
});
