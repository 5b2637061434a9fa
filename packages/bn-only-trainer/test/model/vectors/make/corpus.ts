import type { StoredTensor } from "../../../../src/index.ts";
import { modelVectors } from "./models.ts";
import { readableVectors } from "./readable.ts";
import { refusedModelVectors } from "./refused-models.ts";
import { refusedVectors } from "./refused.ts";
import type { Vector } from "./vector.ts";

/** Every file of the corpus; tfjs must have a backend. */
export async function makeCorpus(): Promise<Vector[]> {
  return [
    ...readableVectors,
    ...(await modelVectors()),
    ...refusedVectors,
    ...(await refusedModelVectors()),
  ];
}

export function pathOf({ kind, name }: Vector): string {
  return `${kind}/${name}.safetensors`;
}

/** `index.json` */
export function indexOf(corpus: readonly Vector[]): string {
  const vectors = corpus.map((vector) => {
    const { about, stage, safetensors, refused, tensors, metadata, logits } = vector;
    return {
      file: pathOf(vector),
      kind: vector.kind,
      about,
      stage,
      safetensors,
      ...(refused && { refused }),
      ...(metadata && { metadata: Object.entries(metadata) }),
      ...(tensors && { tensors: Object.entries(tensors).map(describe) }),
      ...(logits && { logits }),
    };
  });
  return `${JSON.stringify({ vectors }, undefined, 1)}\n`;
}

function describe([name, { shape, values }]: [string, StoredTensor]) {
  const { buffer, byteOffset, byteLength } = values;
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  const type = values instanceof Int32Array ? "I32" : "F32";
  return { name, type, shape, bytes: Buffer.from(bytes).toString("hex") };
}
