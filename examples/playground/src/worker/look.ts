import type { Layer, Network } from "@bn-only/frozen-layers";
import type { ImageDataset } from "@bn-only/datasets";
import { batchSource, subset } from "@bn-only/datasets";
import { evaluate, zeroOutputs } from "@bn-only/trainer";
import { memory, softmax, type Tensor, tensor } from "@tensorflow/tfjs-core";
import type { Activations, Audit, Look, Strip } from "../protocol.ts";

/** Images whose zeros are counted. */
const COUNTED = 128;

/** Gamma of every BatchNorm in the order in which the layers run. */
async function strips(
  network: Network,
  zeros?: ReadonlyMap<string, Float64Array>,
): Promise<Strip[]> {
  const gammas = network.parameters.filter(({ role }) => role === "bn.gamma");
  return Promise.all(
    gammas.map(async ({ path, value }) => {
      const layer = path.slice(0, path.lastIndexOf("/"));
      const known = zeros?.get(layer);
      return { layer, gamma: await value.data<"float32">(), ...(known && { zeros: known }) };
    }),
  );
}

/** Everything of a network that the page shows while it moves. */
export async function lookAt(
  network: Network,
  step: number,
  shown: Float32Array,
  zeros?: ReadonlyMap<string, Float64Array>,
): Promise<Look> {
  const filters = network.parameters.find(({ role }) => role === "conv.kernel")!;
  const { numBytes, numBytesInUse, heapBytes } = memory() as {
    numBytes: number;
    numBytesInUse?: number;
    heapBytes?: number;
  };
  return {
    step,
    strips: await strips(network, zeros),
    probabilities: await probabilities(network, shown),
    filters: await filters.value.data<"float32">(),
    memory: {
      used: numBytesInUse ?? numBytes,
      ...(heapBytes !== undefined && { held: heapBytes }),
    },
  };
}

/** Softmax of the logits of normalised images, `[count, classes]`. */
export async function probabilities(network: Network, images: Float32Array): Promise<Float32Array> {
  const [height, width, channels] = network.inputShape as [number, number, number];
  const count = images.length / (height * width * channels);
  const logits = network.predict(tensor(images, [count, height, width, channels]));
  const shares = softmax(logits);
  logits.dispose();
  try {
    return await shares.data<"float32">();
  } finally {
    shares.dispose();
  }
}

/** Test accuracy and loss, confusion matrix, dead channels, and whether the frozen weights are still those of the seed. */
export async function audit(
  network: Network,
  test: ImageDataset,
  fingerprintBefore: string,
): Promise<{ audit: Audit; loss: number; zeros: ReadonlyMap<string, Float64Array> }> {
  const { predictions, accuracy, loss } = await evaluate(network, batchSource(test));
  const classes = test.classes.length;
  const confusion = new Uint32Array(classes * classes);
  predictions.forEach((predicted, i) => (confusion[test.labels[i]! * classes + predicted]! += 1));
  const zeros = await zeroOutputs(network, batchSource(subset(test, COUNTED)), { batchSize: 64 });
  const frozen = network.parameters.reduce(
    (sum, { trainable, trainableSize, size }) => sum + size - (trainable ? trainableSize : 0),
    0,
  );
  const fingerprint = await network.fingerprint();
  return { audit: { confusion, accuracy, fingerprint, fingerprintBefore, frozen }, loss, zeros };
}

/** What one layer makes of one image. */
export async function activationsOf(
  network: Network,
  image: Float32Array,
  wanted: string,
): Promise<Omit<Activations, "lane" | "image">> {
  const layers: { path: string; shape: readonly number[] }[] = [];
  let kept: { path: string; output: Tensor } | undefined;
  const observe = (layer: Layer, output: Tensor): void => {
    // A block's output is that of the layer it ends in.
    if (Object.keys(layer.children).length > 0) return;
    layers.push({ path: layer.path, shape: output.shape.slice(1) });
    if (layer.path !== wanted && !(kept === undefined && wanted === "")) return;
    kept?.output.dispose();
    kept = { path: layer.path, output: output.clone() };
  };
  const shape = [1, ...network.inputShape];
  network.predict(tensor(image, shape), observe).dispose();
  if (kept === undefined) return activationsOf(network, image, "");
  const { path, output } = kept;
  try {
    return {
      layer: path,
      layers,
      shape: output.shape.slice(1),
      values: await output.data<"float32">(),
    };
  } finally {
    output.dispose();
  }
}
