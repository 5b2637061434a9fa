import { type Network, ShapeError } from "@bn-only/frozen-layers";
import { createNetwork, defineNetwork, ZooError } from "@bn-only/resnet-zoo";
import {
  checkModel,
  decodeSafetensors,
  encodeSafetensors,
  readDenseModel,
  readModel,
  rebuildDenseModel,
  restoreModel,
  saveDenseModel,
  saveModel,
  withChecksum,
} from "@bn-only/trainer";
import { tensor } from "@tensorflow/tfjs-core";
import { TrainerError } from "../../../../packages/bn-only-trainer/src/errors.ts";
import {
  assertFewImages,
  dataOf,
  pluginsOf,
} from "../../../../packages/cli/src/commands/evaluate/notes.ts";
import { assertPluginConsent } from "../../../../packages/cli/src/commands/shared/plugin-consent.ts";
import { UsageError } from "../../../../packages/cli/src/errors.ts";
import type { CardFacts } from "../../../../packages/cli/src/commands/card/facts.ts";
import { modelCard } from "../../../../packages/cli/src/commands/card/card.ts";
import { noPlugins } from "../../../../packages/cli/src/plugins/plugins.ts";
import { encode, jsonMutation } from "../structures/json.ts";
import {
  changeLayer,
  changeName,
  safetensorsMutations,
  withRightChecksum,
} from "../structures/safetensors.ts";
import type { Target } from "../target.ts";
import { keepingTensors, once, startBackend, tiny } from "./tiny-network.ts";

const typed = (error: unknown): boolean =>
  TrainerError.isInstance(error) || ZooError.isInstance(error);

/** Header and tensors, as JavaScript holds them. */
const limit = (size: number): number => (4 << 20) + 48 * size;

const network = once(tiny);

/** One of whose head the file holds two numbers. */
async function changedInPart(): Promise<Network> {
  const changed = await tiny();
  const head = changed.parameters.find(({ role }) => role === "head.kernel")!;
  const values = await head.value.data<"float32">();
  head.set(tensor(values.with(1, 2).with(5, -1), [...head.shape]));
  return changed;
}

/** Grows with every new value of a network. */
const versions = ({ parameters, buffers }: Network): number =>
  [...parameters, ...buffers].reduce((sum, { version }) => sum + version, 0);

export const model: Target = {
  async seeds() {
    const notes = { dataset: "synthetic", plugins: '["./mine.js"]' };
    return [await saveModel(await network(), notes), await saveModel(await changedInPart())];
  },
  async run(bytes) {
    const restored = await network();
    const before = versions(restored);
    const read = readModel(bytes);
    await keepingTensors(() =>
      restoreModel(restored, read).catch((error: unknown) => {
        if (versions(restored) === before) throw error;
        throw new Error("a network that was not restored has changed", { cause: error });
      }),
    );
  },
  typed,
  limit,
  structured: safetensorsMutations,
  repair: withRightChecksum,
};

/** A file that has its layers with it. */
export const denseModel: Target = {
  seeds: async () => [await saveDenseModel(await network(), { dataset: "synthetic" })],
  async run(bytes) {
    await network();
    await keepingTensors(async () => rebuildDenseModel(readDenseModel(bytes)).dispose());
  },
  typed: (error) => typed(error) || ShapeError.isInstance(error),
  // A layer takes 20 bytes in the file, and an object with its options.
  limit: (size) => (8 << 20) + 300 * size,
  structured: [...safetensorsMutations, changeLayer, changeLayer, changeLayer],
  repair: withRightChecksum,
};

const inputShape = [8, 8, 3] as const;

/** Layers of the largest network that a name in a file may ask for, without their weights. */
const outlines = 64 << 20;

/** A file of a network of the zoo, of whose tensors it holds the first few. */
async function beginning(name: string, tensors: number): Promise<Uint8Array> {
  const whole = createNetwork(name, { seed: 1, inputShape });
  const { metadata, tensors: all } = decodeSafetensors(await saveModel(whole));
  whole.dispose();
  const some = new Map([...all].slice(0, tensors));
  return encodeSafetensors(withChecksum({ metadata, tensors: some }));
}

/** Whether a file names a network that could be built, before any of it is. Which tensors it has, `model` varies. */
export const modelNetwork: Target = {
  async seeds() {
    await startBackend();
    return [await beginning("cifar-resnet-8", 1), await beginning("imagenet-resnet-18", 0)];
  },
  run(bytes) {
    const read = readModel(bytes);
    const { architecture, classes } = read.metadata;
    checkModel(read, defineNetwork(architecture, { classes, inputShape }));
  },
  typed,
  limit: (size) => outlines + limit(size),
  structured: [...safetensorsMutations, changeName, changeName, changeName],
  repair: withRightChecksum,
};

/** What `evaluate` takes from the notes of a file, as a JSON object of texts. */
export const modelNotes: Target = {
  seeds: () => [
    encode(
      JSON.stringify({
        dataset: "synthetic",
        dataSeed: "3",
        testSize: "100",
        normalization: "cifar10",
        plugins: '["./mine.js"]',
        condition: "bn",
        testAccuracy: "0.5",
        classNames: '["a","b"]',
      }),
    ),
  ],
  run(bytes) {
    const notes = textsIn(bytes);
    if (notes === undefined) return;
    const { dataset, testSize } = dataOf(notes, {});
    assertFewImages(dataset, testSize, inputShape);
    assertPluginConsent("it was trained with", pluginsOf(notes));
    assertFrontMatter(modelCard({ ...card, opened: { ...opened, notes } }, undefined));
  },
  typed: (error) => UsageError.isInstance(error),
  limit,
  structured: [jsonMutation],
};

const opened = {
  file: "model.safetensors",
  bytes: 8936,
  architecture: "cifar-resnet-8",
  seed: 1,
  classes: 10,
  inputShape,
  notes: {},
  warnings: [],
  plugins: noPlugins,
  rebuild: () => tiny(),
};

const card: CardFacts = {
  opened,
  fileName: "model.safetensors",
  sha256: "0".repeat(64),
  parameters: 78_042,
  batchNormParameters: 672,
  macs: 1e6,
  disabled: 0.1,
  run: undefined,
};

const cardFields = "library_name pipeline_tag tags datasets metrics model-index".split(" ");

/** No note becomes a field of its own. */
function assertFrontMatter(text: string): void {
  const [, yaml = ""] = /^---\n(.*?)\n---\n/s.exec(text) ?? [];
  const lines = yaml.split(/[\n\r\u0085\u2028\u2029]/).filter((line) => !/^( {2}|- )/.test(line));
  const found = lines.map((line) => line.split(":")[0]!);
  if (found.length > 2 && found.every((field) => cardFields.includes(field))) return;
  throw new Error(`the card has the fields ${found.join()}`);
}

/** The members of a JSON object that are texts, as the metadata of a file that could be read are. */
function textsIn(bytes: Uint8Array): Record<string, string> | undefined {
  try {
    const value = JSON.parse(Buffer.from(bytes).toString("utf8")) as object | null;
    const texts = Object.entries(Object(value)).filter(([, text]) => typeof text === "string");
    return Object.fromEntries(texts) as Record<string, string>;
  } catch {
    return undefined;
  }
}
