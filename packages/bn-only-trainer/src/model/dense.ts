import {
  buildLayer,
  describeLayer,
  FrozenLayersError,
  type Layer,
  type LayerDescription,
  Network,
  outlineNetwork,
  type Parameter,
  type RunningStatistic,
  type Shape,
} from "@bn-only/frozen-layers";
import { quoted } from "@bn-only/errors";
import { assertNames, assertNetwork, isSize } from "../check.ts";
import { ModelFileError } from "../errors.ts";
import { setValues } from "../set-values.ts";
import { assertDenseModel } from "./arguments.ts";
import { type FileBytes } from "./bytes.ts";
import { assertChecksum, CHECKSUM, withChecksum } from "./checksum.ts";
import { problemOf } from "./fits.ts";
import { outputsFirstShape, outputsLast } from "./layouts.ts";
import { sizeOf } from "./creation.ts";
import { isTooLarge, MAXIMUM_IMAGE } from "./limits.ts";
import { assertNotes, DENSE_FORMAT, fieldOf } from "./metadata.ts";
import { pytorchName, pytorchTensors } from "./pytorch.ts";
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from "./safetensors.ts";
import { markSeedless } from "./seedless.ts";

// A dense model is a network that no seed gives: a pruned or a folded one. The file has all of its numbers, under
// PyTorch's names, and its layers as JSON.

/** What a dense model file says about itself. */
export interface DenseModel {
  readonly name: string;
  /** `[height, width, channels]` */
  readonly inputShape: Shape;
  readonly classes: number;
  readonly layer: LayerDescription;
  /** By PyTorch's names, in its layouts. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Whatever else the writer wanted to keep: data, condition, accuracy. */
  readonly notes: Readonly<Record<string, string>>;
}

const VERSION = "1";
const reserved = new Set(["format", "version", "network", CHECKSUM]);

/**
 * The bytes of a `.safetensors` file with every number of a network: names and layouts as `exportPyTorch` has them,
 * the layers as JSON in the field `network` of its metadata. For networks that no seed gives; `saveModel` is for
 * the others.
 *
 * @throws ModelFileError when a note is not text or has the name of a field, when a value is not finite, when two
 * tensors would have one name, and for images that are larger than a file may ask for; FrozenLayersError for a layer that cannot be written down.
 */
export async function saveDenseModel(
  network: Network,
  notes: Readonly<Record<string, string>> = {},
): Promise<Uint8Array> {
  assertNetwork("saveDenseModel", network);
  assertNotes(notes, reserved, "saveDenseModel");
  const { name, inputShape, classes } = network;
  if (isTooLarge(inputShape)) {
    throw new ModelFileError(
      `saveDenseModel: ${name} is for images of ${sizeOf(inputShape)}, a file may ask for ${MAXIMUM_IMAGE} numbers in one. ` +
        `Use smaller images.`,
    );
  }
  const layer = describeLayer(network.layer);
  const tensors = await pytorchTensors("saveDenseModel", network);
  for (const { path, role } of [...network.parameters, ...network.buffers]) {
    const problem = problemOf(role, tensors.get(pytorchName(path))!.values);
    if (problem === undefined) continue;
    throw new ModelFileError(
      `saveDenseModel: "${path}" holds ${problem}, which no network could be restored to. Train it again.`,
    );
  }
  const metadata = new Map([
    ["format", DENSE_FORMAT],
    ["version", VERSION],
    ["network", JSON.stringify({ name, inputShape, classes, layer })],
    ...Object.entries(notes),
  ]);
  return encodeSafetensors(withChecksum({ metadata, tensors }));
}

/** Whether the bytes are a dense model, by what their metadata say. */
export function isDenseModel(file: FileBytes): boolean {
  return decodeSafetensors(file).metadata.get("format") === DENSE_FORMAT;
}

/**
 * Reads a file of `saveDenseModel` and verifies its checksum, without making the network: whether the tensors
 * fit the layers is found by `rebuildDenseModel`. Nothing of the file is executed.
 *
 * @throws ModelFileError when the bytes are not a whole dense model of a version that this package knows.
 */
export function readDenseModel(file: FileBytes): DenseModel {
  const contents = decodeSafetensors(file);
  const field = fieldOf(contents.metadata);
  if (field("format") !== DENSE_FORMAT || field("version") !== VERSION) {
    throw new ModelFileError(
      `model file: expected ${DENSE_FORMAT} version ${VERSION}, got ${quoted(field("format"))} version ` +
        `${quoted(field("version"))}. Read a model of train with readModel, or update bn-only.`,
    );
  }
  assertChecksum(contents);
  const { name, inputShape, classes, layer } = parse(field("network"));
  if (typeof name !== "string" || name === "" || !isShape(inputShape) || !isSize(classes)) {
    throw new ModelFileError(
      `model file: its network has no name, inputShape or classes. Write it again with saveDenseModel.`,
    );
  }
  if (isTooLarge(inputShape)) {
    throw new ModelFileError(
      `model file: its inputShape ${sizeOf(inputShape)} has more than ${MAXIMUM_IMAGE} numbers, which a file may not ask for.`,
    );
  }
  const notes = [...contents.metadata].filter(([key]) => !reserved.has(key));
  return {
    name,
    inputShape,
    classes: classes as number,
    layer: layer as LayerDescription,
    tensors: contents.tensors,
    notes: Object.fromEntries(notes),
  };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new ModelFileError("model file: its network is not JSON. Copy or write it again.", {
      cause,
    });
  }
}

function isShape(value: unknown): value is Shape {
  return Array.isArray(value) && value.length === 3 && value.every(isSize);
}

/** Options of `rebuildDenseModel`; layers, classes and numbers are those of the file. */
export interface RebuildDenseOptions {
  /** `[height, width, channels]` of the images, where the layers fit others than those of the file. Default: the file's. */
  readonly inputShape?: Shape | undefined;
}

/**
 * The network of a dense model. Nothing is allocated before the file is known to hold every number of it.
 *
 * @throws ModelFileError that says what does not fit; ShapeError for images that the layers do not take;
 * OutOfMemoryError of the backend.
 */
export function rebuildDenseModel(model: DenseModel, options: RebuildDenseOptions = {}): Network {
  assertNames("rebuildDenseModel", options, { inputShape: true });
  assertDenseModel(model);
  const { name, classes, layer, tensors } = model;
  const { inputShape = model.inputShape } = options;
  const definition = { name, inputShape, classes, layer: layerOf(layer) };
  const { parameters, buffers } = outlineNetwork(definition);
  const states: readonly (Parameter | RunningStatistic)[] = [...parameters, ...buffers];
  const values = new Map(states.map((state) => [state, valuesOf(state, name, tensors)] as const));
  if (tensors.size > states.length) {
    const known = new Set(states.map(({ path }) => pytorchName(path)));
    const other = [...tensors.keys()].find((key) => !known.has(key))!;
    throw new ModelFileError(
      `model file: tensor ${quoted(other)} belongs to no layer of ${name}. Write it again with saveDenseModel.`,
    );
  }
  const network = new Network(definition);
  markSeedless(network);
  try {
    setValues(values);
  } catch (error) {
    network.dispose();
    throw error;
  }
  return network;
}

function layerOf(description: LayerDescription): Layer {
  try {
    return buildLayer(description);
  } catch (error) {
    if (!FrozenLayersError.isInstance(error)) throw error;
    throw new ModelFileError(
      `model file: its layers cannot be built: ${error.message} Write it again with saveDenseModel.`,
      { cause: error },
    );
  }
}

function valuesOf(
  { path, shape, role }: Parameter | RunningStatistic,
  name: string,
  tensors: ReadonlyMap<string, StoredTensor>,
): Float32Array {
  const stored = tensors.get(pytorchName(path));
  const expected = outputsFirstShape(shape);
  if (stored?.shape.join() !== expected.join() || !(stored.values instanceof Float32Array)) {
    const found = stored === undefined ? "none" : `[${stored.shape.join(",")}]`;
    throw new ModelFileError(
      `model file: ${name} needs a float32 tensor ${quoted(pytorchName(path))} [${expected.join(",")}], the file has ` +
        `${found}. Write it again with saveDenseModel.`,
    );
  }
  const problem = problemOf(role, stored.values);
  if (problem !== undefined) {
    throw new ModelFileError(
      `model file: tensor ${quoted(pytorchName(path))} holds ${problem}. Copy or write it again.`,
    );
  }
  return outputsLast(shape, stored.values);
}
