import { sha256 } from "@noble/hashes/sha2.js";
import { batchSource } from "@bn-only/datasets";
import { type Evaluation, evaluate, readModel, rebuildModel, saveModel } from "@bn-only/trainer";
import { defineNetwork } from "@bn-only/resnet-zoo";
import type { Network } from "@bn-only/frozen-layers";
import type { Model } from "@bn-only/trainer";
import type { LinkRow } from "../protocol.ts";
import { decodeModel, encodeModel, LONGEST } from "../link/model-link.ts";
import { LinkError } from "../link/error.ts";
import { sideOf } from "../link/payload.ts";
import type { Settings } from "../settings.ts";
import type { Lane } from "./lane.ts";
import type { LoadedData } from "./load-data.ts";

const BITS = [4, 6, 8, 12];

/** The bytes of a `.safetensors` file, as `bn-only train` writes it and `bn-only evaluate` reads it. */
export async function exportLane(lane: Lane, tested: Evaluation | undefined): Promise<Uint8Array> {
  const { settings, data } = lane.options;
  return saveModel(lane.network, notesOf(settings, data, lane.info.condition, tested));
}

function notesOf(
  { data: dataset, seed, side }: Settings,
  { test, train }: LoadedData,
  condition: string,
  tested: Evaluation | undefined,
): Record<string, string> {
  return {
    condition,
    dataset,
    dataSeed: String(seed),
    normalization: "imagenet",
    inputShape: `${side}x${side}x3`,
    classNames: JSON.stringify(train.classes),
    testSize: String(test.labels.length),
    ...(tested && { testAccuracy: String(tested.accuracy), testLoss: String(tested.loss) }),
  };
}

/** Links to a network in several precisions, each tested as its receiver will see it. */
export async function linksOf(lane: Lane): Promise<{ rows: LinkRow[]; refusal?: string }> {
  const { data } = lane.options;
  const test = batchSource(data.test);
  const before = await evaluate(lane.network, test);
  const model = readModel(await exportLane(lane, before));
  const lean = forLink(model);
  const rows: LinkRow[] = [];
  for (const bits of BITS) {
    let fragment: string;
    try {
      fragment = await encodeModel(lean, bits);
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      return { rows: [], refusal: `${error.message}. Download the file instead.` };
    }
    const fits = fragment.length <= LONGEST;
    if (!fits) {
      rows.push({
        bits,
        fragment: undefined,
        characters: fragment.length,
        accuracy: 0,
        accuracyBefore: before.accuracy,
        digest: "",
      });
      continue;
    }
    const network = await rebuild(await decodeModel(fragment));
    try {
      const { accuracy, predictions } = await evaluate(network, test);
      rows.push({
        bits,
        fragment,
        characters: fragment.length,
        accuracy,
        accuracyBefore: before.accuracy,
        digest: digestOf(predictions),
      });
    } finally {
      network.dispose();
    }
  }
  if (rows.every(({ fragment }) => fragment === undefined)) {
    const { characters } = rows[0]!;
    return {
      rows: [],
      refusal: `This network takes ${characters} characters, a link may have ${LONGEST}. Download the file instead.`,
    };
  }
  return { rows };
}

/** Notes that a link can do without are left out. */
function forLink(model: Model): Model {
  const { dataset, dataSeed, inputShape, classNames, testSize, condition } = model.metadata.notes;
  const notes = Object.fromEntries(
    Object.entries({ dataset, dataSeed, inputShape, classNames, testSize, condition }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
  return { ...model, metadata: { ...model.metadata, notes } };
}

/** Draws the weights of a model from its seed; its fingerprint is checked. */
export function rebuild(model: Model): Promise<Network> {
  const { architecture, classes, notes } = model.metadata;
  const side = sideOf(notes);
  return rebuildModel(model, defineNetwork(architecture, { classes, inputShape: [side, side, 3] }));
}

/** Eight characters that are the same where two networks say the same of every image. */
export function digestOf(predictions: Int32Array): string {
  const hash = sha256(Uint8Array.from(predictions));
  return [...hash.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
