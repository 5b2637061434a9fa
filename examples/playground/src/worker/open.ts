import { batchSource, type ImageDataset, subset } from "@bn-only/datasets";
import type { Network } from "@bn-only/frozen-layers";
import { type Evaluation, evaluate, type Model, readModel } from "@bn-only/trainer";
import { drawShapes } from "../data/shapes.ts";
import { decodeModel } from "../link/model-link.ts";
import { sideOf } from "../link/payload.ts";
import type { Opened } from "../protocol.ts";
import { digestOf, rebuild } from "./export.ts";
import { probabilities } from "./look.ts";

const SHOWN = 24;
/** Shapes that a link may ask for. */
const MOST_TESTED = 1000;
/** Milliseconds that their test may take: nothing else has its turn meanwhile. */
const PATIENCE = 3000;
/** Multiplications between two looks at the clock: less than a second. */
const AT_ONCE = 5e9;

export interface OpenedNetwork {
  readonly network: Network;
  readonly opened: Opened;
}

/** @throws LinkError or ModelFileError that says what is wrong. */
export async function openLink(fragment: string): Promise<OpenedNetwork> {
  return describe(await decodeModel(fragment), "link");
}

/** @throws ModelFileError that says what is wrong. */
export async function openFile(bytes: Uint8Array): Promise<OpenedNetwork> {
  return describe(readModel(bytes), "file");
}

async function describe(model: Model, from: Opened["from"]): Promise<OpenedNetwork> {
  const { architecture, seed, classes, fingerprint, notes } = model.metadata;
  const side = sideOf(model.metadata.inputShape);
  const network = await rebuild(model);
  const names = namesOf(notes["classNames"], classes);
  const tested = await test(network, notes, side);
  return {
    network,
    opened: {
      from,
      architecture,
      seed,
      classes: names,
      side,
      fingerprint,
      stored: [...model.tensors.values()].reduce((sum, { values }) => sum + values.length, 0),
      total: network.parameters.reduce((sum, { size }) => sum + size, 0),
      notes,
      ...(tested && { tested }),
    },
  };
}

function namesOf(text: string | undefined, classes: number): string[] {
  try {
    const names: unknown = JSON.parse(text ?? "");
    if (Array.isArray(names) && names.length === classes)
      return names.map((name) => String(name).slice(0, 40));
  } catch {
    // Someone else's note.
  }
  return Array.from({ length: classes }, (_, i) => `class ${i}`);
}

/** On the shapes that its seed draws, where it was trained on shapes and that does not take long. */
async function test(
  network: Network,
  notes: Readonly<Record<string, string>>,
  side: number,
): Promise<Opened["tested"]> {
  const seed = Number(notes["dataSeed"]);
  const images = Number(notes["testSize"]);
  const drawn = notes["dataset"] === "shapes" && Number.isSafeInteger(seed) && seed >= 0;
  if (!drawn || !Number.isInteger(images) || images < 1 || images > MOST_TESTED || side > 64)
    return undefined;
  const { test: shapes } = drawShapes({ trainSize: 1, testSize: images, side, seed });
  if (shapes.classes.length !== network.classes) return undefined;
  const evaluation = await withinPatience(network, shapes);
  if (!evaluation) return undefined;
  const { accuracy, predictions } = evaluation;
  const few = subset(shapes, SHOWN);
  const [batch] = [...batchSource(few).batches({ epoch: 0, batchSize: SHOWN })];
  return {
    images,
    accuracy,
    digest: digestOf(predictions),
    shown: few.images.slice(),
    shownLabels: Uint8Array.from(few.labels),
    probabilities: await probabilities(network, batch!.images),
  };
}

async function withinPatience(
  network: Network,
  shapes: ImageDataset,
): Promise<Evaluation | undefined> {
  const signal = AbortSignal.timeout(PATIENCE);
  const batchSize = Math.max(1, Math.min(256, Math.floor(AT_ONCE / network.macs)));
  try {
    return await evaluate(network, batchSource(shapes), { batchSize, signal });
  } catch (error) {
    if (error === signal.reason) return undefined;
    throw error;
  }
}
