import {
  batchNorm,
  conv2d,
  dense,
  globalAveragePool,
  Network,
  sequential,
} from "@bn-only/frozen-layers";
import "@tensorflow/tfjs-backend-cpu";
import { env, memory, setBackend } from "@tensorflow/tfjs-core";

/** Keeps tfjs from printing an advertisement for tfjs-node. */
export async function startBackend(): Promise<void> {
  env().set("PROD", true);
  await setBackend("cpu");
}

/** Small, since the weights that a file does not hold are hashed at every restoring. */
export async function tiny(): Promise<Network> {
  await startBackend();
  const layer = sequential({
    stem: conv2d({ inputChannels: 3, outputChannels: 2, kernelSize: 1 }),
    bn: batchNorm(2, { activation: "relu" }),
    pool: globalAveragePool(),
    head: dense({ inputs: 2, outputs: 3 }),
  });
  return new Network({ name: "tiny", layer, inputShape: [8, 8, 3], classes: 3 }, { seed: 1 });
}

export function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  return () => (value ??= make());
}

/** Throws what the work does, unless tensors stay behind, or are missed. */
export async function keepingTensors(work: () => Promise<unknown>): Promise<void> {
  const before = memory().numTensors;
  const failure = await work().then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  if (memory().numTensors !== before) throw new Error("the number of tensors has changed");
  if (failure !== undefined) throw failure.error;
}
