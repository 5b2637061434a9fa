import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import {
  batchNorm,
  checkpointed,
  checkpointedSequential,
  concat,
  defineLayer,
  dense,
  FrozenLayersError,
  globalAveragePool,
  identity,
  type Layer,
  Network,
  type NetworkOptions,
  outlineNetwork,
  Parameter,
  residual,
  sequential,
  ShapeError,
} from "../src/index.ts";
import { useCpu } from "./support/tiny.ts";

beforeAll(useCpu);

const definition = (layers: Record<string, Layer>) => ({
  name: "tiny",
  layer: sequential({
    ...layers,
    pool: globalAveragePool(),
    head: dense({ inputs: 3, outputs: 2 }),
  }),
  inputShape: [4, 4, 3],
  classes: 2,
});
const withChild = (name: string): Layer =>
  defineLayer({ ...identity(), children: { [name]: identity() } }) as Layer;
const withParameters = (...names: string[]): Layer =>
  defineLayer({
    ...identity(),
    parameters: names.map((name) => new Parameter(name, "conv.bias", [1])),
  }) as Layer;

test("outlineNetwork: a layer at two places, a path twice, a name that is no part of a path", () => {
  const bn = batchNorm(3);
  expect(() => outlineNetwork(definition({ a: bn, b: sequential({ c: bn }) }))).toThrow(
    'outlineNetwork: one layer or parameter stands at "a" and at "b/c". Make a layer for each place.',
  );
  expect(() => outlineNetwork(definition({ a: bn, b: checkpointed(bn) as Layer }))).toThrow(
    /stands at "a\/gamma" and at "b\/gamma"/,
  );
  expect(() => outlineNetwork(definition({ a: withParameters("bias", "bias") }))).toThrow(
    /two parameters or statistics have the path "a\/bias"/,
  );
  for (const name of ["x/y", "7", ""]) {
    expect(() => outlineNetwork(definition({ a: withChild(name) }))).toThrow(FrozenLayersError);
  }
});

test("Network: layers of a living network are refused, and that one stays as it was", () => {
  const parts = { bn: batchNorm(3) };
  const first = new Network(definition(parts));
  const before = memory().numTensors;
  expect(() => new Network(definition({ again: sequential(parts) }))).toThrow(
    'tiny: "bn/gamma" belongs to a network already. Make new layers, or dispose that network first.',
  );
  expect(first.parameters[0]!.path).toBe("bn/gamma");
  expect(memory().numTensors).toBe(before);
  first.dispose();
  new Network(definition(parts)).dispose();
});

test.each<[NetworkOptions, string]>([
  [{ weights: "xavier" as "binary" }, 'Network: weights "xavier" does not exist.'],
  [{ batchNorm: "toString" as "fixed" }, 'Network: batchNorm "toString" does not exist.'],
])("Network(%j): refused before any tensor is made", (options, message) => {
  const before = memory().numTensors;
  expect(() => new Network(definition({}), options)).toThrow(ShapeError);
  expect(() => new Network(definition({}), options)).toThrow(message);
  expect(memory().numTensors).toBe(before);
});

test.each([
  ["sequential", sequential],
  ["concat", concat],
  ["residual", (body: Record<string, Layer>) => residual({ body })],
  ["checkpointedSequential", checkpointedSequential],
])("%s: whole numbers as names and things that are no layers are refused", (kind, build) => {
  expect(() => build({ stem: identity(), 1: identity() })).toThrow(
    `${kind}: "1" cannot name a layer`,
  );
  expect(() => build({ "a/b": identity() })).toThrow(/Call it "layera_b"/);
  expect(() => build({ bn: batchNorm as unknown as Layer })).toThrow(
    `${kind}: "bn" is no layer, but a function. Give what`,
  );
  expect(() => build({ bn: undefined as unknown as Layer })).toThrow(FrozenLayersError);
  expect(() => build([identity()] as unknown as Record<string, Layer>)).toThrow(FrozenLayersError);
});

test("residual: a layer of the body named shortcut beside a shortcut is refused", () => {
  expect(() => residual({ body: { shortcut: identity() }, shortcut: identity() })).toThrow(
    ShapeError,
  );
});

test.each([0, 1.5, -1, Number.NaN])(
  "checkpointedSequential: segments of %d are refused",
  (length) => {
    expect(() => checkpointedSequential({ a: identity() }, length)).toThrow(
      "checkpointedSequential: segmentLength must be a whole number of at least 1",
    );
  },
);
