import type { Network } from "@bn-only/frozen-layers";
import { tensor } from "@tensorflow/tfjs-core";
import {
  decodeSafetensors,
  encodeSafetensors,
  saveModel,
  withChecksum,
} from "../../../../src/index.ts";
import { logitsOf, trainedNetwork } from "./networks.ts";
import type { Vector } from "./vector.ts";

const all = ["bn.gamma", "bn.beta", "bn.mean", "bn.variance", "head.kernel", "head.bias"];

async function modelVector(name: string, about: string, network: Network): Promise<Vector> {
  const bytes = await saveModel(network, { dataset: "synthetic" });
  const logits = await logitsOf(network);
  network.dispose();
  return { kind: "valid", name, about, bytes, safetensors: true, stage: "network", logits };
}

/** Two numbers of every output channel of every convolution differ from the seed's. */
function withSparseChanges(network: Network): Network {
  for (const parameter of network.parameters) {
    if (!parameter.role.endsWith(".kernel") || parameter.role === "head.kernel") continue;
    const values = parameter.value.dataSync<"float32">().slice();
    const channels = parameter.shape.at(-1)!;
    for (let i = 0; i < 2 * channels; i++) values[i] = ((i % 16) - 8) / 32;
    parameter.set(tensor(values, [...parameter.shape]));
  }
  return network;
}

/** The same tensors as version 1 wrote them: no checksum. */
async function versionOne(network: Network): Promise<Vector> {
  const vector = await modelVector("model-v1", "version 1, which has no checksum", network);
  const { metadata, tensors } = decodeSafetensors(vector.bytes);
  const fields = new Map([...metadata, ["version", "1"]] as const);
  fields.delete("checksum");
  fields.delete("inputShape");
  return { ...vector, bytes: encodeSafetensors({ metadata: fields, tensors }) };
}

/** As version 2 was at first: the shape of the images was not told. */
async function withoutShape(network: Network): Promise<Vector> {
  const vector = await modelVector("model-no-shape", "version 2 without an input shape", network);
  const { metadata, tensors } = decodeSafetensors(vector.bytes);
  const fields = new Map(metadata);
  fields.delete("inputShape");
  return { ...vector, bytes: encodeSafetensors(withChecksum({ metadata: fields, tensors })) };
}

/** Models with their logits: whoever draws the weights from the seed finds the same. */
export async function modelVectors(): Promise<Vector[]> {
  const seed = 7;
  return [
    await modelVector("model-bn", "BatchNorm alone", trainedNetwork({ seed })),
    await modelVector("model-bn-head", "the output layer too", trainedNetwork({ seed }, all)),
    await modelVector(
      "model-sparse",
      "two weights of every channel, stored with their positions",
      withSparseChanges(trainedNetwork({ seed, weights: "kaimingUniform", batchNorm: "fixed" })),
    ),
    await modelVector(
      "model-orthogonal",
      "orthogonal weights of the largest seed",
      trainedNetwork({ seed: 2 ** 53 - 1, weights: "orthogonal", batchNorm: "positiveNegative" }),
    ),
    await modelVector(
      "model-binary",
      "weights of two values, seven classes, and BatchNorm as it was drawn",
      trainedNetwork({ seed, weights: "binary", batchNorm: "oneOne", classes: 7 }, []),
    ),
    await versionOne(trainedNetwork({ seed })),
    await withoutShape(trainedNetwork({ seed })),
  ];
}
