import type { Network } from "@bn-only/frozen-layers";
import { type Tensor1D, tensor, tensor1d } from "@tensorflow/tfjs-core";
import type { Learner } from "../learner.ts";
import { replaced, trainedNumbers } from "../trained-numbers.ts";
import type { TrainingState } from "./training-state.ts";

type Tensors = Pick<TrainingState, "parameters" | "indices" | "statistics" | "optimizer">;
type Named = readonly (readonly [name: string, numbers: Promise<Float32Array>])[];

/** Copies of the numbers that training moves, as of the call. */
export async function captureTensors(
  network: Network,
  learner: Learner | undefined,
): Promise<Tensors> {
  const copy = async (value: Tensor1D): Promise<Float32Array> =>
    (await value.data<"float32">()).slice();
  const indices = new Map<string, Int32Array>();
  for (const { path, trainableIndices } of network.trainable) {
    if (trainableIndices) indices.set(path, trainableIndices.slice());
  }
  // Every read has begun before the first one is waited for.
  const parameters: Named = network.trainable.map((one) => [one.path, trainedNumbers(one)]);
  const statistics: Named = network.buffers.map(({ path, value }) => [
    path,
    copy(value as Tensor1D),
  ]);
  const optimizer: Named = Object.entries(learner?.state ?? {}).map(([name, vector]) => [
    name,
    copy(vector),
  ]);
  return {
    parameters: await settled(parameters),
    indices,
    statistics: await settled(statistics),
    optimizer: await settled(optimizer),
  };
}

async function settled(named: Named): Promise<Map<string, Float32Array>> {
  return new Map(
    await Promise.all(named.map(async ([name, numbers]) => [name, await numbers] as const)),
  );
}

/** Puts the numbers of a state, which must fit, into a network and its learner. */
export async function restoreTensors(
  network: Network,
  learner: Learner | undefined,
  state: Tensors,
): Promise<void> {
  for (const parameter of network.trainable) {
    const { path, shape, value, trainableIndices } = parameter;
    const numbers = await replaced(value, state.parameters.get(path)!, trainableIndices);
    parameter.set(tensor(numbers, [...shape], "float32"));
  }
  for (const statistic of network.buffers) {
    const numbers = state.statistics.get(statistic.path)!.slice();
    statistic.set(tensor(numbers, [...statistic.shape], "float32"));
  }
  if (!learner) return;
  const vectors: Record<string, Tensor1D> = {};
  for (const [name, numbers] of state.optimizer) vectors[name] = tensor1d(numbers.slice());
  learner.state = vectors;
}
