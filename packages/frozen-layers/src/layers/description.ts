import { quoted, show } from "@bn-only/errors";
import { FrozenLayersError } from "../errors.ts";
import { activation } from "./activation.ts";
import { batchNorm } from "./batch-norm.ts";
import { assertLayer } from "./children.ts";
import { concat } from "./concat.ts";
import { conv2d } from "./conv2d.ts";
import { dense } from "./dense.ts";
import { flatten } from "./flatten.ts";
import { gated } from "./gated.ts";
import { identity } from "./identity.ts";
import type { Layer } from "./layer.ts";
import { pad } from "./pad.ts";
import { averagePool, globalAveragePool, maxPool } from "./pool.ts";
import { residual } from "./residual.ts";
import { sequential } from "./sequential.ts";
import { slice } from "./slice.ts";

/** A layer without its numbers, as JSON can hold it. */
export interface LayerDescription {
  /** The name of the factory: `conv2d`, `batchNorm`, … */
  readonly kind: string;
  /** What the factory is told. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  /** By name, in the order in which they run. */
  readonly children?: Readonly<Record<string, LayerDescription>> | undefined;
}

type Options = Readonly<Record<string, unknown>>;
type Children = Readonly<Record<string, Layer>>;

/** Factories refuse options that do not fit, so what a file says goes to them as it is. */
const factories: ReadonlyMap<string, (options: Options, children: Children) => unknown> = new Map<
  string,
  (options: Options, children: Children) => unknown
>([
  ["activation", ({ kind }) => activation(kind as "relu")],
  ["averagePool", (options) => averagePool(options as never)],
  ["batchNorm", ({ channels, ...options }) => batchNorm(channels as number, options)],
  ["concat", (_, children) => concat(children)],
  ["conv2d", (options) => conv2d(options as never)],
  ["dense", (options) => dense(options as never)],
  ["flatten", () => flatten()],
  ["gated", (_, { gate }) => gated(gate!)],
  ["globalAveragePool", () => globalAveragePool()],
  ["identity", () => identity()],
  ["maxPool", (options) => maxPool(options as never)],
  ["pad", (options) => pad(options)],
  [
    "residual",
    (options, { shortcut, ...body }) =>
      options["shortcut"] === true
        ? residual({ body, shortcut: shortcut ?? (null as never) }) // null is refused
        : residual({ body: shortcut === undefined ? body : { ...body, shortcut } }),
  ],
  ["sequential", (_, children) => sequential(children)],
  ["slice", (options) => slice(options as never)],
]);

const MOST_LAYERS = 200_000;
const DEEPEST = 64;

/**
 * A layer and all inside it without their numbers, for a file: `buildLayer` makes the same layers of it. What
 * only saves memory in training, such as `checkpointedSequential`, is written as what it computes.
 *
 * @throws FrozenLayersError for a layer of a kind that is not this package's, or holds a function.
 */
export function describeLayer(layer: Layer): LayerDescription {
  assertLayer("describeLayer: the layer", layer);
  const kind = layer.kind === "checkpointedSequential" ? "sequential" : layer.kind;
  if (layer.options === undefined || !factories.has(kind)) {
    throw new FrozenLayersError(
      `describeLayer: the layer "${layer.path}" is a ${layer.kind}, which cannot be written down. ` +
        `Use layers of ${[...factories.keys()].join(", ")}.`,
    );
  }
  const children = Object.entries(layer.children);
  const inner = children.map(([name, child]) => [name, describeLayer(child)] as const);
  return {
    kind,
    ...(Object.keys(layer.options).length > 0 && { options: layer.options }),
    ...(inner.length > 0 && { children: Object.fromEntries(inner) }),
  };
}

/**
 * The layers of a description, of which nothing is trusted: it may come from a file. Allocates no tensor.
 *
 * @throws FrozenLayersError for what is no description, a kind that does not exist, an option or a child that its layers do
 * not have, more than 200,000 layers or more than 64 levels; ShapeError of a factory for options that do not fit.
 */
export function buildLayer(description: LayerDescription): Layer {
  let layers = 0;
  const build = (value: unknown, level: number): Layer => {
    layers += 1;
    if (layers > MOST_LAYERS || level > DEEPEST) {
      throw new FrozenLayersError(
        `buildLayer: a description has at most ${MOST_LAYERS} layers in ${DEEPEST} levels. Write a smaller network.`,
      );
    }
    const { kind, options = {}, children = {} } = Object(value) as Record<string, unknown>;
    const factory = factories.get(kind as string);
    if (factory === undefined || !isRecord(options) || !isRecord(children)) {
      const named = typeof kind === "string" ? ` of kind ${quoted(kind)}` : "";
      throw new FrozenLayersError(
        `buildLayer: expected { kind, options, children } with a kind of ${[...factories.keys()].join(", ")}, got ` +
          `${show(value)}${named}. Give what describeLayer gives.`,
      );
    }
    const inner = Object.entries(children).map(
      ([name, child]) => [name, build(child, level + 1)] as const,
    );
    const layer = factory(options, Object.fromEntries(inner)) as Layer;
    if (layer.kind === kind) assertTaken(layer, options, children);
    return layer;
  };
  return build(description, 1);
}

/** @throws FrozenLayersError for an option or a child that the layer was not made of. */
function assertTaken(layer: Layer, options: object, children: object): void {
  for (const [of, given] of [
    [layer.options ?? {}, options],
    [layer.children, children],
  ] as const) {
    const stray = Object.keys(given).find((name) => !Object.hasOwn(of, name));
    if (stray === undefined) continue;
    throw new FrozenLayersError(
      `buildLayer: the kind ${layer.kind} has no ${quoted(stray)}. Give what describeLayer gives.`,
    );
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
