import { memory, type Tensor, tensor } from "@tensorflow/tfjs-core";
import { observeOps, type OpEvent } from "../kernels/run-op.ts";
import type { Pass } from "../layers/layer.ts";
import { disposePass, trainingPass } from "../layers/pass.ts";
import { Network } from "../network.ts";
import type { AnyOp } from "../ops/op.ts";
import type { Parameter } from "../parameters/parameter.ts";
import { randomStream } from "../random/stream.ts";
import type { Shape } from "../shape.ts";
import { assertNoReference } from "./case.ts";
import { layerNetworks } from "./layer-networks.ts";

/** A small network whose `backward` is compared with central differences of its `forward`. */
export interface LayerCase {
  readonly name: string;
  /** Largest relative error of a correct float32 backend. */
  readonly tolerance: number;
  /**
   * Runs on tfjs's current backend.
   *
   * @param implemented the ops of which the backend states that it has kernels of its own
   * @throws Error when one of them ran by the reference, a gradient is missing or a tensor leaks.
   */
  run(implemented?: readonly AnyOp[]): Promise<{ error: number; parameter: string }>;
}

const INPUT_SHAPE = [6, 6, 2];
const BATCH = 3;
const STEP = 2e-3;

/** Gradients of every layer by every parameter, in a random direction each. */
export function layerCases(): LayerCase[] {
  return Object.entries(layerNetworks).map(([name, layer]) => ({
    name,
    tolerance: 1e-2,
    async run(implemented = []) {
      const network = networkOf(layer());
      const events: OpEvent[] = [];
      const stop = observeOps((event) => events.push(event));
      try {
        return await compare(network);
      } finally {
        stop();
        network.dispose();
        assertNoReference(events, implemented);
      }
    },
  }));
}

function networkOf(layer: Network["layer"]): Network {
  const [classes] = layer.outline(INPUT_SHAPE).outputShape as [number];
  const definition = { name: "layers", layer, inputShape: INPUT_SHAPE, classes };
  const network = new Network(definition, { seed: 4 });
  network.setTrainable("**");
  return network;
}

async function compare(network: Network): Promise<{ error: number; parameter: string }> {
  const input = randomTensor("input", [BATCH, ...INPUT_SHAPE]);
  const direction = randomTensor("direction", [BATCH, network.classes]);
  disposePass((await run(true)).pass); // prepares filters
  const before = memory().numTensors;

  const { pass } = await run(true);
  let worst = { error: 0, parameter: "" };
  for (const parameter of network.parameters) {
    const gradient = pass.gradients.get(parameter);
    if (!gradient) throw new Error(`layers: there is no gradient of "${parameter.path}".`);
    const along = randomValues(`along/${parameter.path}`, parameter.size);
    const analytic = dot(await gradient.data<"float32">(), along);
    const numeric =
      ((await lossShifted(parameter, along, STEP)) - (await lossShifted(parameter, along, -STEP))) /
      (2 * STEP);
    const error = Math.abs(analytic - numeric) / Math.max(1, Math.abs(numeric));
    if (!(error <= worst.error)) worst = { error, parameter: parameter.path };
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
