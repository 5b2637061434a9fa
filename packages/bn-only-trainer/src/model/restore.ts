import {
  fingerprint,
  Network,
  type NetworkDefinition,
  outlineNetwork,
  type Parameter,
  type RunningStatistic,
} from "@bn-only/frozen-layers";
import { assertNetwork, assertThat, hasMethods } from "../check.ts";
import { ModelFileError } from "../errors.ts";
import { withTrained } from "../partial-values.ts";
import { setValues } from "../set-values.ts";
import { assertModel } from "./arguments.ts";
import { creationOf, sizeOf } from "./creation.ts";
import { assertFits } from "./fits.ts";
import { positionsIn } from "./indices.ts";
import { MAXIMUM_PARAMETERS } from "./limits.ts";
import type { Model } from "./read.ts";

/**
 * Whether a network of these layers could be rebuilt from a model, without drawing any of its weights: a file cannot ask
 * for more than what it holds would explain.
 *
 * @throws ModelFileError that says what does not fit, or that the network is larger than a file may ask for;
 * `new Network` and `restoreModel` have no such limit.
 */
export function checkModel(model: Model, definition: NetworkDefinition): void {
  assertModel("checkModel", model);
  const { layer } = Object(definition) as Partial<NetworkDefinition>;
  const expected = "layers, as defineNetwork of the zoo gives them";
  assertThat(hasMethods(layer, "outline"), "checkModel: the definition", expected, definition);
  const { name, classes, inputShape } = definition;
  const { parameters, buffers } = outlineNetwork(definition);
  assertFits({ name, classes, inputShape, parameters, buffers }, model);
  const size = parameters.reduce((sum, parameter) => sum + parameter.size, 0);
  if (size <= MAXIMUM_PARAMETERS) return;
  throw new ModelFileError(
    `model file: ${name} with ${classes} classes has ${size} parameters, a file may ask for ${MAXIMUM_PARAMETERS}. ` +
      `If you trust it, create the network yourself and call restoreModel.`,
  );
}

/**
 * The network of a model, after `checkModel`.
 *
 * @param definition layers, input shape and classes, such as the zoo's `defineNetwork` gives
 * @throws ModelFileError as `checkModel` and `restoreModel`; no tensor stays then.
 */
export async function rebuildModel(model: Model, definition: NetworkDefinition): Promise<Network> {
  checkModel(model, definition);
  const { seed, initialization } = model.metadata;
  const network = new Network(definition, { seed, ...initialization });
  try {
    await restoreModel(network, model);
  } catch (error) {
    network.dispose();
    throw error;
  }
  return network;
}

/**
 * Makes a network of the same architecture, seed and initialisation the model's: what the file does not hold
 * gets the values of the seed, where it has others. The network changes only if everything fits.
 *
 * @throws ModelFileError that says what differs; OutOfMemoryError of the backend.
 */
export async function restoreModel(network: Network, model: Model): Promise<void> {
  assertNetwork("restoreModel", network);
  assertModel("restoreModel", model);
  const { tensors } = model;
  assertFits(network, model);
  assertSameDraw(network, model);
  const partial = positionsIn(tensors);
  const derived = network.parameters.filter(({ path }) => !tensors.has(path) || partial.has(path));
  const redrawn = await redraw(network, model, derived);
  const values = new Map<Parameter | RunningStatistic, Float32Array>();
  for (const parameter of derived) {
    const positions = partial.get(parameter.path);
    const drawn = redrawn.get(parameter);
    if (drawn === undefined && positions === undefined) continue;
    const all = drawn ?? (await parameter.value.data<"float32">());
    const part = positions && tensors.get(parameter.path)!.values;
    values.set(parameter, part ? withTrained(all, part, positions) : all);
  }
  for (const state of [...network.parameters, ...network.buffers]) {
    const stored = tensors.get(state.path);
    if (stored === undefined || partial.has(state.path)) continue;
    values.set(state, Float32Array.from(stored.values));
  }
  setValues(values);
}

/** @throws ModelFileError unless the network's weights were drawn as the model's. */
function assertSameDraw(network: Network, { metadata }: Model): void {
  const { weights, batchNorm } = metadata.initialization;
  const same =
    network.initialization.weights === weights && network.initialization.batchNorm === batchNorm;
  if (network.seed === metadata.seed && same) return;
  throw new ModelFileError(
    `model file: its weights have seed ${metadata.seed}, weights "${weights}" and batchNorm "${batchNorm}", those of ` +
      `${network.name} here seed ${network.seed}, "${network.initialization.weights}" and ` +
      `"${network.initialization.batchNorm}". Create it with ${creationOf(metadata)}.`,
  );
}

/**
 * The seed's values of parameters that may have others by now. Those that nobody set are taken as they are, unless that
 * does not give the model's fingerprint: somebody may have written into their memory.
 *
 * @throws ModelFileError when the seed does not give the model's weights.
 */
async function redraw(
  network: Network,
  { metadata, tensors }: Model,
  derived: readonly Parameter[],
): Promise<ReadonlyMap<Parameter, Float32Array>> {
  const { name, seed, initialization } = network;
  const partial = positionsIn(tensors);
  const redrawn = new Map<Parameter, Float32Array>();
  let actual = "";
  for (const trusted of [1, 0]) {
    for (const parameter of derived) {
      if (parameter.version <= trusted || redrawn.has(parameter)) continue;
      redrawn.set(parameter, parameter.initialValues(seed, initialization));
    }
    actual = await fingerprint(
      derived,
      partial,
      (parameter) => redrawn.get(parameter) ?? parameter.value.data<"float32">(),
    );
    if (actual === metadata.fingerprint) return redrawn;
  }
  throw new ModelFileError(
    `model file: the weights that it does not hold have the fingerprint ${metadata.fingerprint.slice(0, 12)}…, those of ` +
      `${name} for images of ${sizeOf(network.inputShape)} with seed ${seed} have ${actual.slice(0, 12)}…. Its architecture is another one of that name, ` +
      `${metadata.inputShape ? "" : "it is for images of another shape, which old files do not tell, "}or the file was altered.`,
  );
}
