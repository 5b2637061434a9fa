import {
  decodeSafetensors,
  encodeSafetensors,
  saveModel,
  withChecksum,
} from "../../../../src/index.ts";
import { fields } from "./metadata-changes.ts";
import { altered, networks } from "./model-changes.ts";
import { trainedNetwork } from "./networks.ts";
import type { Row } from "./row.ts";
import type { Stage, Vector } from "./vector.ts";

/** Models whose format is whole and which are to be refused all the same. */
export async function refusedModelVectors(): Promise<Vector[]> {
  const network = trainedNetwork({ seed: 7 });
  const contents = decodeSafetensors(await saveModel(network, { dataset: "synthetic" }));
  network.dispose();
  // One tensor is enough for what is found before there is a network.
  const small = { ...contents, tensors: new Map([...contents.tensors].slice(0, 2)) };
  const vector = (
    [name, rule, about, message, change]: Row,
    stage: Stage,
    from: typeof contents,
    seal: boolean,
  ): Vector => {
    const tensors = [...from.tensors].map(([path, { shape, values: numbers }]) => {
      return [path, { shape, values: numbers.slice() }] as const;
    });
    const sealed = withChecksum(from);
    const file = { metadata: new Map(sealed.metadata), tensors: new Map(tensors) };
    change(file);
    const bytes = encodeSafetensors(seal ? withChecksum(file) : file);
    const refused = { rule, message };
    return {
      kind: "invalid",
      name: `model-${name}`,
      about,
      bytes,
      safetensors: true,
      stage,
      refused,
    };
  };
  return [
    ...altered.map((row) => vector(row, "model", small, false)),
    ...fields.map((row) => vector(row, "model", small, true)),
    ...networks.map((row) => vector(row, "network", contents, true)),
  ];
}
