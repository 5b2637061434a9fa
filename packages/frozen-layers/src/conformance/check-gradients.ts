import { memory, type Tensor, tensor } from "@tensorflow/tfjs-core";
import { FrozenLayersError } from "../errors.ts";
import type { Pass } from "../layers/layer.ts";
import { disposePass, trainingPass } from "../layers/pass.ts";
import type { Network } from "../network.ts";
import type { Parameter } from "../parameters/parameter.ts";
import { randomStream } from "../random/stream.ts";
import { show } from "@bn-only/errors";
import type { Shape } from "../shape.ts";

const BATCH = 3;
/** Smaller ones cross fewer kinks of ReLU, larger ones have less noise of float32: the nearest counts. */
const STEPS = [2e-3, 5e-4, 8e-3];
const NEAR = 1e-2;

/**
 * Compares the gradients of a network with central differences of its loss, a random weighting of what it puts out,
 * each along a random direction of its parameter.
 *
 * @returns the largest relative error, 1e-2 at most where layers are right, Infinity where a gradient is not a number, and where it is
 * @throws Error when a trainable parameter gets no gradient, or a tensor is left.
 */
export async function checkGradients(
  network: Network,
): Promise<{ error: number; parameter: string }> {
  assertTrainable(network);
  const input = randomTensor("input", [BATCH, ...network.inputShape]);
  const direction = randomTensor("direction", [BATCH, network.classes]);
  disposePass((await run(true)).pass); // prepares filters
  const before = memory().numTensors;

  const { pass } = await run(true);
  let worst = { error: 0, parameter: "" };
  for (const parameter of network.trainable) {
    const gradient = pass.gradients.get(parameter);
    if (!gradient) throw new Error(`layers: there is no gradient of "${parameter.path}".`);
    const along = randomValues(`along/${parameter.path}`, parameter.size);
    const analytic = dot(await gradient.data<"float32">(), along);
    let error = Infinity;
    for (const step of STEPS) {
      const after = await lossShifted(parameter, along, step);
      const numeric = (after - (await lossShifted(parameter, along, -step))) / (2 * step);
      const off = Math.abs(analytic - numeric) / Math.max(1, Math.abs(numeric));
      // NaN is no number to compare with: it stays Infinity.
      if (off < error) error = off;
      if (error < NEAR) break;
    }
    if (error > worst.error) worst = { error, parameter: parameter.path };
  }
  disposePass(pass);
  const leaked = memory().numTensors - before;
  if (leaked !== 0) throw new Error(`layers: ${leaked} tensors leaked.`);
  [input, direction].forEach((used) => used.dispose());
  return worst;

  /** `Σ output · direction`, and the gradients of it. */
  async function run(record: boolean): Promise<{ loss: number; pass: Pass }> {
    const current = trainingPass({ record });
    const { output, saved } = network.layer.forward(input.clone(), current);
    const loss = dot(await output.data<"float32">(), await direction.data<"float32">());
    output.dispose();
    if (record) network.layer.backward(saved, direction.clone(), current)?.dispose();
    return { loss, pass: current };
  }

  async function lossShifted(
    parameter: Parameter,
    along: Float32Array,
    step: number,
  ): Promise<number> {
    const original = parameter.value.clone();
    const shifted = (await original.data<"float32">()).map((value, i) => value + step * along[i]!);
    parameter.set(tensor(shifted, [...parameter.shape]));
    const { loss, pass: forward } = await run(false);
    disposePass(forward);
    parameter.set(original);
    return loss;
  }
}

function randomValues(name: string, size: number): Float32Array {
  return Float32Array.from(randomStream(1, name).normal(size));
}

function randomTensor(name: string, shape: Shape): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return tensor(randomValues(name, size), [...shape]);
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function assertTrainable(network: Network): void {
  const { trainable, disposed } = Object(network) as Partial<Network>;
  if (Array.isArray(trainable) && trainable.length > 0 && disposed === false) return;
  throw new FrozenLayersError(
    `checkGradients: expected a network of which something trains, by setTrainable, got ${show(network)}.`,
  );
}
