import { type Network, randomStream } from "@bn-only/frozen-layers";
import { tensor } from "@tensorflow/tfjs-core";

type Values = (channels: number, path: string) => Float32Array;

/** Sets one tensor of every BatchNorm, by the name that its path ends in. */
function setAll(network: Network, name: string, values: Values): void {
  for (const state of [...network.parameters, ...network.buffers]) {
    if (!state.role.startsWith("bn.") || state.name !== name) continue;
    state.set(tensor(values(state.size, state.path)));
  }
}

/** Numbers as training leaves them, of both signs; nothing is zero. */
export function asTrained(network: Network, seed: number): void {
  const noise = (path: string, channels: number): Float32Array =>
    Float32Array.from(randomStream(seed, path).uniform(channels));
  setAll(network, "gamma", (n, path) => noise(path, n).map((x) => (x < 0.3 ? x - 0.4 : x)));
  setAll(network, "beta", (n, path) => noise(path, n).map((x) => 1.2 * x - 0.5));
  setAll(network, "mean", (n, path) => noise(path, n).map((x) => 0.4 * x - 0.2));
  setAll(network, "variance", (n, path) => noise(path, n).map((x) => 0.5 + x));
}

/** Sets gammas to zero: at these channels of the BatchNorms whose path ends so. */
export function zeroGammas(network: Network, ends: string, channels: readonly number[]): void {
  const found = network.parameters.filter(
    ({ role, path }) => role === "bn.gamma" && path.endsWith(`${ends}/gamma`),
  );
  if (found.length === 0) throw new Error(`no BatchNorm ends in ${ends}`);
  for (const parameter of found) {
    const values = parameter.value.dataSync<"float32">().slice();
    for (const channel of channels) values[channel] = 0;
    parameter.set(tensor(values));
  }
}

/** Sets one number of a tensor. */
export function setNumber(network: Network, path: string, at: number, value: number): void {
  const states = [...network.parameters, ...network.buffers];
  const state = states.find((one) => one.path === path)!;
  const values = state.value.dataSync<"float32">().slice();
  values[at] = value;
  state.set(tensor(values, [...state.shape]));
}

/** Logits of a few random images. */
export function logitsOf(network: Network, images = 4): Float32Array {
  const shape = [images, ...network.inputShape];
  const size = shape.reduce((product, length) => product * length, 1);
  const output = network.predict(tensor(randomStream(9, "images").normalFloat32(size), shape));
  const logits = output.dataSync<"float32">().slice();
  output.dispose();
  return logits;
}

/** The largest difference, as a share of the largest number. */
export function difference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Infinity;
  const largest = Math.max(...a.map(Math.abs));
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!))) / largest;
}
