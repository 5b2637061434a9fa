import {
  batchNormInitializers,
  FrozenLayersError,
  outlineNetwork,
  type Parameter,
  type RunningStatistic,
  weightInitializers,
} from "@bn-only/frozen-layers";
import { defineNetwork, ZooError } from "@bn-only/resnet-zoo";
import type { Model, ModelMetadata, StoredTensor } from "@bn-only/trainer";
import { packBits, packedLength, unpackBits } from "./bits.ts";
import { LinkError } from "./error.ts";
import { dequantise, quantise } from "./quantise.ts";

// A payload: two bytes with the length of a JSON header, the header, then in the network's order every tensor that the
// header counts: low and high as float32, then the packed codes. Variances are stored by their roots, which spread less.

/** Parameters of a network that a link may ask for. */
const MOST_PARAMETERS = 1 << 24;
const MOST_SIDE = 256;
/** Layers, by the first number of an architecture's name. */
const MOST_LAYERS = 1000;

/** Short names, since they travel. */
interface Header {
  readonly a: string;
  readonly s: number;
  readonly w: string;
  readonly n: string;
  readonly c: number;
  /** Shape of one image, `24x24x3`. */
  readonly i: string;
  readonly f: string;
  readonly b: number;
  /** Of every parameter and statistic: 0 follows from the seed, 1 is here. */
  readonly t: string;
  readonly notes: Readonly<Record<string, string>>;
}

type Part = Pick<Parameter | RunningStatistic, "path" | "shape" | "role">;

export function encodePayload({ metadata, tensors }: Model, bits: number): Uint8Array {
  const { architecture, seed, initialization, classes, fingerprint, notes } = metadata;
  const side = sideOf(metadata.inputShape);
  if ([...tensors.keys()].some((name) => name.includes("#"))) {
    throw new LinkError("a network with single weights trained does not fit into a link");
  }
  const parts = partsOf(architecture, classes, side);
  const header: Header = {
    a: architecture,
    s: seed,
    w: initialization.weights,
    n: initialization.batchNorm,
    c: classes,
    i: `${side}x${side}x3`,
    f: fingerprint,
    b: bits,
    t: parts.map(({ path }) => (tensors.has(path) ? "1" : "0")).join(""),
    notes,
  };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const chunks: Uint8Array[] = [Uint8Array.of(json.length & 255, json.length >> 8), json];
  for (const { path, role } of parts) {
    const stored = tensors.get(path);
    if (!stored) continue;
    const values =
      role === "bn.variance" ? stored.values.map((value) => Math.sqrt(value)) : stored.values;
    const { low, high, codes } = quantise(values, bits);
    chunks.push(new Uint8Array(Float32Array.of(low, high).buffer), packBits(codes, bits));
  }
  const payload = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    payload.set(chunk, offset);
    offset += chunk.length;
  }
  return payload;
}

/** @throws LinkError for anything but a whole payload. */
export function decodePayload(payload: Uint8Array): Model {
  const length = (payload[0] ?? 0) | ((payload[1] ?? 0) << 8);
  if (payload.length < 2 + length || length === 0) throw new LinkError("the link is cut off");
  const header = parseHeader(payload.subarray(2, 2 + length));
  const inputShape = header.i.split("x").map(Number);
  const parts = partsOf(header.a, header.c, sideOf(inputShape));
  if (parts.length !== header.t.length) {
    throw new LinkError(
      `the link lists ${header.t.length} tensors, ${header.a} has ${parts.length}`,
    );
  }
  const tensors = new Map<string, StoredTensor>();
  let offset = 2 + length;
  for (const [i, { path, shape, role }] of parts.entries()) {
    if (header.t[i] === "0") continue;
    const count = shape.reduce((product, size) => product * size, 1);
    const end = offset + 8 + packedLength(count, header.b);
    if (end > payload.length) throw new LinkError("the link is cut off");
    const [low, high] = new Float32Array(payload.slice(offset, offset + 8).buffer) as unknown as [
      number,
      number,
    ];
    if (!(low <= high)) throw new LinkError(`the link has no range for ${path}`);
    const codes = unpackBits(payload.subarray(offset + 8, end), count, header.b);
    const levels = dequantise({ low, high, codes }, header.b);
    const values = role === "bn.variance" ? levels.map((root) => root * root) : levels;
    if (!values.every(Number.isFinite)) throw new LinkError(`the link has no range for ${path}`);
    tensors.set(path, { shape, values });
    offset = end;
  }
  if (offset !== payload.length) throw new LinkError("the link has more in it than a network");
  const metadata: ModelMetadata = {
    architecture: header.a,
    seed: header.s,
    initialization: { weights: header.w, batchNorm: header.n } as ModelMetadata["initialization"],
    classes: header.c,
    inputShape,
    fingerprint: header.f,
    notes: header.notes,
  };
  return { metadata, tensors, warnings: [] };
}

function parseHeader(bytes: Uint8Array): Header {
  let header: Header;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as Header;
  } catch (cause) {
    throw new LinkError("the link has no readable header", { cause });
  }
  const { a, s, w, n, c, i, f, b, t, notes } = Object(header) as Header;
  const fits =
    typeof a === "string" &&
    Number.isSafeInteger(s) &&
    s >= 0 &&
    typeof w === "string" &&
    Object.hasOwn(weightInitializers, w) &&
    typeof n === "string" &&
    Object.hasOwn(batchNormInitializers, n) &&
    Number.isInteger(c) &&
    c >= 2 &&
    c <= 100 &&
    typeof i === "string" &&
    typeof f === "string" &&
    /^[0-9a-f]{64}$/.test(f) &&
    Number.isInteger(b) &&
    b >= 2 &&
    b <= 16 &&
    typeof t === "string" &&
    /^[01]+$/.test(t) &&
    typeof notes === "object" &&
    notes !== null &&
    Object.values(notes).every((note) => typeof note === "string");
  if (!fits) throw new LinkError("the link has a header that no network has");
  return header;
}

/**
 * Pixels on each side of a model's images.
 *
 * @throws LinkError for images that are not square, not in colour, or too small or large to show.
 */
export function sideOf(inputShape: readonly number[] = [32, 32, 3]): number {
  const [height, width, channels, ...more] = inputShape;
  const fits = height === width && channels === 3 && more.length === 0 && Number.isInteger(height);
  if (fits && height! >= 8 && height! <= MOST_SIDE) return height!;
  throw new LinkError(
    `images of ${inputShape.slice(0, 4).join("x")} are none that this page can show, expected square ones in colour`,
  );
}

function partsOf(architecture: string, classes: number, side: number): Part[] {
  // To outline thousands of layers takes a while.
  const layers = Number(/-(\d+)/.exec(architecture)?.[1] ?? 0);
  if (layers > MOST_LAYERS) {
    throw new LinkError(
      `the link asks for a network of ${layers} layers, at most ${MOST_LAYERS} are made`,
    );
  }
  let parts: { parameters: readonly Parameter[]; buffers: readonly RunningStatistic[] };
  try {
    parts = outlineNetwork(defineNetwork(architecture, { classes, inputShape: [side, side, 3] }));
  } catch (error) {
    if (!ZooError.isInstance(error) && !FrozenLayersError.isInstance(error)) throw error;
    throw new LinkError(
      `the link asks for a network that this page does not know: ${error.message}`,
      { cause: error },
    );
  }
  const size = parts.parameters.reduce((sum, parameter) => sum + parameter.size, 0);
  if (size > MOST_PARAMETERS) {
    throw new LinkError(
      `the link asks for a network of ${size} numbers, at most ${MOST_PARAMETERS} are made`,
    );
  }
  return [...parts.parameters, ...parts.buffers];
}
