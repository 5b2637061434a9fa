import {
  arrays,
  batchSource,
  cifar10,
  DatasetUnavailableError,
  httpFilesSource,
  type ImageDataset,
  readTarGzip,
  type Source,
  subset,
} from "@bn-only/datasets";
import { randomStream } from "@bn-only/frozen-layers";
import { drawShapes } from "../data/shapes.ts";
import type { DataFrom, DataInfo, OwnImages } from "../protocol.ts";
import type { Settings } from "../settings.ts";

/** Test images on the page. */
const SHOWN = 24;
const SHAPES_TESTED = 300;
const CIFAR_TESTED = 1000;

export interface LoadedData {
  readonly train: ImageDataset;
  readonly test: ImageDataset;
  readonly info: DataInfo;
  /** The shown test images, normalised. */
  readonly shownImages: Float32Array;
}

/** A sentence for the person at the page. */
export class DataError extends Error {
  override name = "DataError";
}

/** @throws DataError when the images are not there or do not suffice. */
export async function loadData(
  settings: Settings,
  from: DataFrom,
  report: (message: string) => void,
): Promise<LoadedData> {
  const { train, test } = await splitsOf(settings, from, report);
  const shown = subset(test, SHOWN);
  const [batch] = [...batchSource(shown).batches({ epoch: 0, batchSize: SHOWN })];
  return {
    train,
    test,
    shownImages: batch!.images,
    info: {
      name: settings.data,
      classes: train.classes,
      trainSize: train.labels.length,
      testSize: test.labels.length,
      side: settings.side,
      bytes: train.images.byteLength + test.images.byteLength,
      shown: shown.images.slice(),
      shownLabels: Uint8Array.from(shown.labels),
    },
  };
}

async function splitsOf(
  settings: Settings,
  from: DataFrom,
  report: (message: string) => void,
): Promise<{ train: ImageDataset; test: ImageDataset }> {
  const { data, side, trainSize, seed } = settings;
  if (data === "shapes") return drawShapes({ trainSize, testSize: SHAPES_TESTED, side, seed });
  if (data === "own") return splitOwn(from.own, seed, side);
  const { train, test } = await loadCifar10(from.archive, report);
  const few = { train: subset(train, trainSize), test: subset(test, CIFAR_TESTED) };
  if (side === 32) return { train: own(few.train), test: own(few.test) };
  throw new DataError("CIFAR-10 has 32 pixels on each side. Set the image size to 32.");
}

/** Without the rest of the data set behind it. */
function own(dataset: ImageDataset): ImageDataset {
  return { ...dataset, images: dataset.images.slice(), labels: dataset.labels.slice() };
}

async function loadCifar10(
  archive: Uint8Array | undefined,
  report: (message: string) => void,
): Promise<{ train: ImageDataset; test: ImageDataset }> {
  const source = archive ? droppedSource(archive) : localSource();
  try {
    return await cifar10({ sources: [source], onProgress: ({ message }) => report(message) });
  } catch (error) {
    const reason = DatasetUnavailableError.isInstance(error) ? error.attempts[0]?.reason : error;
    throw new DataError(
      archive
        ? `The file is not CIFAR-10's cifar-10-binary.tar.gz (${reason}).`
        : "This server has no copy of CIFAR-10. Drop cifar-10-binary.tar.gz from cs.toronto.edu/~kriz onto this page, " +
            "or run bn-only datasets fetch cifar10 and start the page with npm run playground.",
      { cause: error },
    );
  }
}

/** What the development server hands out of its own cache. */
function localSource(): Source {
  const url = new URL("data/cifar10/", self.location.href.replace(/assets\/[^/]*$/, "")).href;
  return httpFilesSource({ name: "this server", url });
}

function droppedSource(archive: Uint8Array): Source {
  return {
    name: "the dropped file",
    network: false,
    async load({ manifest, signal }) {
      const folder = "cifar-10-batches-bin";
      const wanted = manifest.files.map(({ name, bytes }): [string, number] => [
        `${folder}/${name}`,
        bytes,
      ]);
      const files = await readTarGzip(archive, "cifar-10-binary.tar.gz", new Map(wanted), signal);
      return new Map(manifest.files.map(({ name }) => [name, files.get(`${folder}/${name}`)!]));
    },
  };
}

/** Of each class every fifth image is for testing, in an order that the seed decides. */
function splitOwn(
  images: OwnImages | undefined,
  seed: number,
  wanted: number,
): { train: ImageDataset; test: ImageDataset } {
  if (!images || images.labels.length === 0)
    throw new DataError("There are no images of yours yet. Drop some, or hold the camera button.");
  const { side, classes, labels } = images;
  if (side !== wanted) {
    throw new DataError(
      `Your images were made ${side} pixels on each side. Set the image size to ${side}, or remove them and add them again.`,
    );
  }
  if (classes.length < 2) {
    throw new DataError(
      `There is only one class, “${classes[0]}”. A network learns to tell things apart: add a second one.`,
    );
  }
  const twice = classes.find((name, i) => classes.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new DataError(
      `Two classes are called “${twice}”. Give each a name of its own, or put their images into one.`,
    );
  }
  const [train, test]: [number[], number[]] = [[], []];
  for (const [label, name] of classes.entries()) {
    const members = [...labels.keys()].filter((i) => labels[i] === label);
    if (members.length < 5) {
      throw new DataError(`“${name}” has ${members.length} images; every class needs at least 5.`);
    }
    const order = randomStream(seed, `split/${label}`).uniform(members.length);
    const shuffled = members
      .map((member, i) => ({ member, key: order[i]! }))
      .sort((a, b) => a.key - b.key);
    shuffled.forEach(({ member }, i) => (i % 5 === 0 ? test : train).push(member));
  }
  const mixed = randomStream(seed, "split/test").uniform(test.length);
  const testOrder = test
    .map((member, i) => ({ member, key: mixed[i]! }))
    .sort((a, b) => a.key - b.key);
  const part = (members: readonly number[]): ImageDataset => {
    const size = side * side * 3;
    const pixels = new Uint8Array(members.length * size);
    members.forEach((member, i) =>
      pixels.set(images.images.subarray(member * size, (member + 1) * size), i * size),
    );
    return arrays({
      images: pixels,
      labels: members.map((member) => labels[member]!),
      shape: [side, side, 3],
      classes,
      name: "own",
    });
  };
  return { train: part(train), test: part(testOrder.map(({ member }) => member)) };
}
