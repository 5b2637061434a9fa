import {
  batchNormInitializers,
  fingerprint,
  type Initialization,
  type Network,
  weightInitializers,
} from "@bn-only/frozen-layers";
import { tensor } from "@tensorflow/tfjs-core";
import { assertNetwork } from "../check.ts";
import { ModelFileError } from "../errors.ts";
import { trainedOf, withTrained } from "../partial-values.ts";
import { assertModel, assertNotes } from "./check.ts";
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from "./safetensors.ts";

/** What a model file says about itself. The weights that are not in it follow from these fields. */
export interface ModelMetadata {
  /** Name in a zoo, `cifar-resnet-14`. */
  readonly architecture: string;
  readonly seed: number;
  readonly initialization: Initialization;
  readonly classes: number;
  /** SHA-256 over the tensors that are not in the file; see `fingerprint`. */
  readonly fingerprint: string;
  /** Whatever else the writer wanted to keep: data, condition, accuracy. */
  readonly notes: Readonly<Record<string, string>>;
}

export interface Model {
  readonly metadata: ModelMetadata;
  /**
   * By path: gamma, beta and running statistics of every BatchNorm, and all that was trained. Of a
   * tensor that was trained in part, the trained numbers, and their positions under `<path>#indices`.
   */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

const FORMAT = "bn-only";
const VERSION = "1";
const INIT = "init-v1";
/** Behind the path of a tensor that was trained in part: the positions of its stored numbers. */
const INDICES = "#indices";
const reserved = new Set(
  "format version init architecture seed weightInit batchNormInit classes fingerprint".split(" "),
);

/**
 * The bytes of a `.safetensors` file: a seed, and the few tensors that the seed does not give: BatchNorm, what trains,
 * and whatever was set since the network was made.
 *
 * @throws ModelFileError when a note has the name of a field that the file needs for itself.
 */
export async function saveModel(
  network: Network,
  notes: Readonly<Record<string, string>> = {},
): Promise<Uint8Array> {
  assertNetwork("saveModel", network);
  assertNotes(notes);
  const taken = Object.keys(notes).find((key) => reserved.has(key));
  if (taken) throw new ModelFileError(`saveModel: a note cannot be named "${taken}". Rename it.`);
  const stored = network.parameters.filter(
    ({ trainable, role, version }) => trainable || role.startsWith("bn.") || version > 1,
  );
  const derived = network.parameters.filter(
    (parameter) => !stored.includes(parameter) || parameter.trainableIndices,
  );
  const tensors = new Map<string, StoredTensor>();
  const trained = new Map<string, Int32Array>();
  for (const { path, value, trainableIndices } of stored) {
    if (trainableIndices === undefined) continue;
    const values = await value.data<"float32">();
    const shape = [trainableIndices.length];
    trained.set(path, trainableIndices);
    tensors.set(path, { shape, values: trainedOf(values, trainableIndices) });
    tensors.set(path + INDICES, { shape, values: trainableIndices });
  }
  for (const { path, shape, value } of [...stored, ...network.buffers]) {
    if (!tensors.has(path)) tensors.set(path, { shape, values: await value.data<"float32">() });
  }
  const metadata = new Map([
    ["format", FORMAT],
    ["version", VERSION],
    ["init", INIT],
    ["architecture", network.name],
    ["seed", String(network.seed)],
    ["weightInit", network.initialization.weights],
    ["batchNormInit", network.initialization.batchNorm],
    ["classes", String(network.classes)],
    ["fingerprint", await fingerprint(derived, trained)],
    ...Object.entries(notes),
  ]);
  return encodeSafetensors({ metadata, tensors });
}

/** @throws ModelFileError when the bytes are not a model of a version that this package knows. */
export function readModel(file: Uint8Array): Model {
  const { metadata, tensors } = decodeSafetensors(file);
  const field = (key: string): string => {
    const value = metadata.get(key);
    if (value === undefined) {
      throw new ModelFileError(
        `model file: it has no "${key}" in its metadata, so it is not a bn-only model.`,
      );
    }
    return value;
  };
  if (field("format") !== FORMAT || field("version") !== VERSION || field("init") !== INIT) {
    throw new ModelFileError(
      `model file: expected ${FORMAT} version ${VERSION} with ${INIT}, got ${field("format")} ` +
        `version ${field("version")} with ${field("init")}. Update bn-only.`,
    );
  }
  return {
    metadata: {
      architecture: field("architecture"),
      seed: Number(field("seed")),
      initialization: {
        weights: nameIn(weightInitializers, field("weightInit")),
        batchNorm: nameIn(batchNormInitializers, field("batchNormInit")),
      },
      classes: Number(field("classes")),
      fingerprint: field("fingerprint"),
      notes: Object.fromEntries([...metadata].filter(([key]) => !reserved.has(key))),
    },
    tensors,
  };
}

function nameIn<Name extends string>(known: Readonly<Record<Name, unknown>>, name: string): Name {
  if (Object.hasOwn(known, name)) return name as Name;
  throw new ModelFileError(
    `model file: the initialisation "${name}" is none of ${Object.keys(known).join(", ")}. Update bn-only.`,
  );
}

/**
 * Puts a model's tensors into a network of the same architecture, seed and initialisation. The
 * network changes only if all of them fit and its other weights have the model's fingerprint.
 *
 * @throws ModelFileError that says what differs.
 */
export async function restoreModel(network: Network, model: Model): Promise<void> {
  assertNetwork("restoreModel", network);
  assertModel(model);
  const { metadata, tensors } = model;
  if (metadata.architecture !== network.name) {
    throw new ModelFileError(
      `model file: it holds a ${metadata.architecture}, not a ${network.name}. ` +
        `Create that network to restore it.`,
    );
  }
  const states = new Map(
    [...network.parameters, ...network.buffers].map((state) => [state.path, state]),
  );
  const trained = new Map<string, Int32Array>();
  for (const [name, { shape, values }] of tensors) {
    const path = name.replace(INDICES, "");
    const state = states.get(path);
    const positions = tensors.get(path + INDICES);
    if (state && positions?.values instanceof Int32Array) {
      if (name === path) trained.set(path, positions.values);
      const fits = positions.values.length === tensors.get(path)?.values.length;
      if (fits && positions.values.every((at) => at >= 0 && at < state.size)) continue;
    }
    if (!state || state.shape.join() !== shape.join() || !(values instanceof Float32Array)) {
      throw new ModelFileError(
        `model file: tensor "${name}" [${shape.join(",")}] does not fit ${network.name}, which ` +
          `${state ? `has [${state.shape.join(",")}] there` : "has none of that name"}.`,
      );
    }
  }
  for (const [path, { values }] of tensors) {
    const least = states.get(path)?.role === "bn.variance" ? 0 : -Infinity;
    if (values.every((value) => Number.isFinite(value) && value >= least)) continue;
    throw new ModelFileError(
      `model file: tensor "${path}" holds a value that is not a finite number${least === 0 ? " from 0" : ""}. ` +
        `Copy or train it again.`,
    );
  }
  for (const { path, role } of states.values()) {
    if (role.startsWith("bn.") && !tensors.has(path)) {
      throw new ModelFileError(`model file: tensor "${path}" is missing. Copy or train it again.`);
    }
  }
  const derived = network.parameters.filter(({ path }) => !tensors.has(path) || trained.has(path));
  const actual = await fingerprint(derived, trained);
  if (actual !== metadata.fingerprint) {
    throw new ModelFileError(
      `model file: its weights have fingerprint ${metadata.fingerprint.slice(0, 12)}…, those of ${network.name} ` +
        `with seed ${network.seed} have ${actual.slice(0, 12)}…. Create the network with seed ${metadata.seed} ` +
        `and the model's initialisation.`,
    );
  }
  for (const [path, { values }] of tensors) {
    const state = states.get(path);
    if (!state) continue;
    const now = await state.value.data<"float32">();
    const numbers = withTrained(now, values, trained.get(path));
    state.set(tensor(numbers, [...state.shape], "float32"));
  }
}
