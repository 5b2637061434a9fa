import { quoted } from "@bn-only/errors";
import type { Network, Parameter, RunningStatistic } from "@bn-only/frozen-layers";
import { ModelFileError } from "../errors.ts";
import { creationOf, sizeOf } from "./creation.ts";
import { INDICES, positionsIn } from "./indices.ts";
import type { Model } from "./read.ts";
import type { StoredTensor } from "./safetensors.ts";

/** What a network consists of; its values need not exist yet. */
export type Outline = Pick<Network, "name" | "classes" | "inputShape" | "parameters" | "buffers">;

/** @throws ModelFileError that says what of a model does not belong to a network, or is no value that it could have. */
export function assertFits(outline: Outline, { metadata, tensors }: Model): void {
  const { name, classes, inputShape, parameters, buffers } = outline;
  if (metadata.architecture !== name) {
    throw new ModelFileError(
      `model file: it holds a ${quoted(metadata.architecture)}, not a ${name}. Create it with ${creationOf(metadata)}.`,
    );
  }
  if (metadata.classes !== classes) {
    throw new ModelFileError(
      `model file: it has ${metadata.classes} classes, the network ${classes}. Create it with ${creationOf(metadata)}.`,
    );
  }
  // The sides may differ, as a network convolves images of any size; its first kernel has the channels.
  if (metadata.inputShape && metadata.inputShape.at(-1) !== inputShape.at(-1)) {
    throw new ModelFileError(
      `model file: it is of a network for images of ${sizeOf(metadata.inputShape)}, this one is for ${sizeOf(inputShape)}. ` +
        `Create it with ${creationOf(metadata)}.`,
    );
  }
  const states = new Map([...parameters, ...buffers].map((state) => [state.path, state]));
  const partial = positionsIn(tensors);
  for (const [path, stored] of tensors) {
    const whole = path.endsWith(INDICES) ? path.slice(0, -INDICES.length) : path;
    const state = states.get(whole);
    const positions = partial.get(whole);
    if (state && positions) assertPart(state, tensors.get(whole), positions);
    else assertWhole(outline, metadata, path, states.get(path), stored);
  }
  for (const [path, { values }] of tensors) assertValues(states.get(path), path, values);
  for (const { path, role } of states.values()) {
    if (role.startsWith("bn.") && !tensors.has(path)) {
      throw new ModelFileError(`model file: tensor "${path}" is missing. Copy or train it again.`);
    }
  }
}

type State = Parameter | RunningStatistic;

function assertWhole(
  { name, inputShape }: Outline,
  metadata: Model["metadata"],
  path: string,
  state: State | undefined,
  { shape, values }: StoredTensor,
): void {
  if (state?.shape.join() === shape.join() && values instanceof Float32Array) return;
  throw new ModelFileError(
    `model file: tensor ${quoted(path)} [${shape.slice(0, 8).join(",")}] does not fit ${name}, which ` +
      `${state ? `has [${state.shape.join(",")}] there` : "has none of that name"}; it is for images of ` +
      `${sizeOf(inputShape)}. Create it with ${creationOf(metadata)}.`,
  );
}

function assertPart(state: State, stored: StoredTensor | undefined, positions: Int32Array): void {
  const ascending = positions.every(
    (at, i) => at >= 0 && at < state.size && (i === 0 || at > positions[i - 1]!),
  );
  const inPart = state.role !== "bn.mean" && state.role !== "bn.variance";
  const numbers = stored?.values instanceof Float32Array ? stored.values.length : undefined;
  if (ascending && inPart && numbers === positions.length) return;
  throw new ModelFileError(
    `model file: the numbers of "${state.path}" and their ${positions.length} positions do not fit each other; expected ` +
      `ascending positions below ${state.size}, one for each number. Copy or train it again.`,
  );
}

function assertValues(
  state: State | undefined,
  path: string,
  values: StoredTensor["values"],
): void {
  const problem = problemOf(state?.role, values);
  if (problem === undefined) return;
  throw new ModelFileError(
    `model file: tensor ${quoted(path)} holds ${problem}. Copy or train it again.`,
  );
}

/** What a tensor of this role cannot hold and these values do, after "holds". */
export function problemOf(
  role: State["role"] | undefined,
  values: StoredTensor["values"],
): string | undefined {
  const least = role === "bn.variance" ? 0 : -Infinity;
  if (values.every((value) => Number.isFinite(value) && value >= least)) return undefined;
  return `a value that is not a finite number${least === 0 ? " from 0" : ""}`;
}
