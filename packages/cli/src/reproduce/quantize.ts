import { type Network, type Parameter } from "@bn-only/frozen-layers";
import { tensor } from "@tensorflow/tfjs-core";

/** Bytes of an output channel beside its weights: a scale and a shift in float32, into which BatchNorm folds. */
const CHANNEL = 8;

/**
 * Gives a network the weights that int8 leaves of its own: each output channel of a kernel in steps of its largest
 * weight / 127, rounded to the nearest.
 *
 * @returns bytes to ship: one a weight, and eight an output channel
 */
export async function quantizeInt8(network: Network): Promise<number> {
  let bytes = 0;
  for (const kernel of network.parameters.filter(({ role }) => role.endsWith(".kernel"))) {
    const channels = kernel.shape.at(-1)!;
    const weights = await kernel.value.data<"float32">();
    setTo(kernel, roundedToInt8(weights, channels));
    bytes += weights.length + CHANNEL * channels;
  }
  return bytes;
}

/** `round(w / s) · s` with `s = max |w| / 127` of each of the last axis's channels. */
export function roundedToInt8(weights: Float32Array, channels: number): Float32Array {
  const largest = new Float64Array(channels);
  for (const [i, weight] of weights.entries()) {
    largest[i % channels] = Math.max(largest[i % channels]!, Math.abs(weight));
  }
  return weights.map((weight, i) => {
    const step = largest[i % channels]! / 127;
    return step === 0 ? 0 : Math.round(weight / step) * step;
  });
}

function setTo(parameter: Parameter, values: Float32Array): void {
  parameter.set(tensor(values, [...parameter.shape], "float32"));
}
