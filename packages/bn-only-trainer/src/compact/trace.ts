import type { Layer, Network, Shape } from "@bn-only/frozen-layers";
import { Feature, type Channel } from "./feature.ts";
import { activate, affineOf, inside, type Numbers } from "./numbers.ts";

/** Which features of a network hang together, and where they are constant. */
export interface Trace {
  /** What each convolution of one group and each dense layer reads. */
  readonly reads: ReadonlyMap<Layer, readonly Channel[]>;
  /** The features of each such layer's output, and of those that work on each channel alone. */
  readonly features: ReadonlyMap<Layer, readonly Feature[]>;
  /** The BatchNorm that alone reads a convolution's output. */
  readonly normalizers: ReadonlyMap<Layer, Layer>;
  readonly logits: readonly Feature[];
}

interface Signal {
  readonly shape: Shape;
  readonly channels: readonly Channel[];
  /** The layer that made it, as long as nothing else can read it. */
  readonly source?: Layer | undefined;
}

type Geometry = Readonly<Record<"groups" | "inputChannels" | "outputChannels" | "padding", number>>;

interface Tracing {
  readonly numbers: Numbers;
  readonly reads: Map<Layer, readonly Channel[]>;
  readonly features: Map<Layer, readonly Feature[]>;
  readonly normalizers: Map<Layer, Layer>;
}

/** Follows every channel through the network. Features of images and logits, and what layers of other kinds read, are needed. */
export function traceFeatures(network: Network, numbers: Numbers): Trace {
  const tracing = {
    numbers,
    reads: new Map(),
    features: new Map(),
    normalizers: new Map(),
  } satisfies Tracing;
  const { layer, inputShape } = network;
  const images = { shape: inputShape, channels: fresh(inputShape.at(-1)!) };
  const logits = follow(layer, images, tracing);
  for (const { feature } of [...images.channels, ...logits.channels]) feature.need();
  return { ...tracing, logits: featuresOf(logits.channels) };
}

function fresh(length: number): Channel[] {
  return Array.from({ length }, () => ({ feature: new Feature(), constant: undefined }));
}

function follow(layer: Layer, input: Signal, tracing: Tracing): Signal {
  const { outputShape: shape } = layer.outline(input.shape);
  const on = (through: (value: number) => number | undefined): Signal => ({
    shape,
    channels: input.channels.map(({ feature, constant }) => ({
      feature,
      constant: constant === undefined ? undefined : through(constant),
    })),
  });
  const { padding, kind } = (layer.options ?? {}) as { padding?: number; kind?: string };
  switch (layer.kind) {
    case "sequential":
    case "checkpointedSequential":
      return Object.values(layer.children).reduce((s, child) => follow(child, s, tracing), input);
    case "residual":
      return followResidual(layer, { ...input, source: undefined }, tracing);
    case "concat": {
      const entry = { ...input, source: undefined };
      const branches = Object.values(layer.children).map((one) => follow(one, entry, tracing));
      return { shape, channels: branches.flatMap(({ channels }) => channels) };
    }
    case "dense":
      return mix(layer, input, shape, tracing);
    case "conv2d":
      return followConvolution(layer, input, shape, tracing);
    case "batchNorm": {
      const normalized = normalize(layer, input, tracing);
      return { shape, channels: normalized.map((channel) => activated(channel, layer.activation)) };
    }
    case "activation":
      return on((value) => activate(value, kind));
    case "identity":
    case "maxPool":
    case "globalAveragePool":
      return on((value) => value);
    case "averagePool":
    case "pad":
      // Zeros at the border are no other value only where all is zero.
      return on((value) => (padding === 0 || value === 0 ? value : undefined));
    case "flatten": {
      const pixels = input.shape.slice(0, -1).reduce((product, length) => product * length, 1);
      return { shape, channels: Array.from({ length: pixels }, () => input.channels).flat() };
    }
    default:
      return opaque(input, shape);
  }
}

/** What a layer of another kind reads stays whole, and what it gives, too. */
function opaque(input: Signal, shape: Shape): Signal {
  const channels = fresh(shape.at(-1)!);
  for (const { feature } of [...input.channels, ...channels]) feature.need();
  return { shape, channels };
}

/** Every output depends on all inputs. */
function mix(layer: Layer, { channels }: Signal, shape: Shape, tracing: Tracing): Signal {
  tracing.reads.set(layer, channels);
  const outputs = fresh(shape.at(-1)!);
  tracing.features.set(layer, featuresOf(outputs));
  return { shape, channels: outputs, source: layer };
}

function followConvolution(layer: Layer, input: Signal, shape: Shape, tracing: Tracing): Signal {
  const { groups, inputChannels, outputChannels, padding } = layer.options as unknown as Geometry;
  if (groups === 1) return mix(layer, input, shape, tracing);
  if (groups !== inputChannels || groups !== outputChannels) return opaque(input, shape);
  const kernel = tracing.numbers.get(inside(layer.path, "kernel"))!;
  const bias = tracing.numbers.get(inside(layer.path, "bias"));
  const channels = input.channels.map(({ feature, constant }, at): Channel => {
    // A constant is none at the border, where fewer weights see it.
    if (constant === undefined || (padding !== 0 && constant !== 0)) {
      return { feature, constant: undefined };
    }
    let sum = 0;
    for (let i = at; i < kernel.length; i += groups) sum += kernel[i]!;
    return { feature, constant: constant * sum + (bias?.[at] ?? 0) };
  });
  tracing.features.set(layer, featuresOf(channels));
  return { shape, channels };
}

/** BatchNorm without its activation. */
function normalize(layer: Layer, { channels, source }: Signal, tracing: Tracing): Channel[] {
  if (source) tracing.normalizers.set(source, layer);
  tracing.features.set(layer, featuresOf(channels));
  const { scale, shift } = affineOf(layer, tracing.numbers);
  return channels.map(({ feature, constant }, i) => {
    if (scale[i] === 0) return { feature, constant: shift[i]! };
    return {
      feature,
      constant: constant === undefined ? undefined : scale[i]! * constant + shift[i]!,
    };
  });
}

function followResidual(layer: Layer, input: Signal, tracing: Tracing): Signal {
  const { shortcut, ...body } = layer.children;
  const projects = layer.options?.["shortcut"] === true;
  const side = projects ? follow(shortcut!, input, tracing) : input;
  const layers = Object.values(projects ? body : layer.children);
  const last = layers.at(-1)!;
  const joins = last.kind === "batchNorm";
  const main = layers
    .slice(0, joins ? -1 : undefined)
    .reduce((signal, child) => follow(child, signal, tracing), input);
  const channels = joins ? normalize(last, main, tracing) : main.channels;
  const joined = channels.map(({ feature, constant }, i) => {
    const other = side.channels[i]!;
    other.feature.join(feature);
    if (constant === undefined || other.constant === undefined) {
      return { feature, constant: undefined };
    }
    return activated({ feature, constant: constant + other.constant }, layer.activation);
  });
  return { shape: layer.outline(input.shape).outputShape, channels: joined };
}

function activated({ feature, constant }: Channel, kind: Layer["activation"]): Channel {
  return { feature, constant: constant === undefined ? undefined : activate(constant, kind) };
}

function featuresOf(channels: readonly Channel[]): Feature[] {
  return channels.map(({ feature }) => feature);
}
