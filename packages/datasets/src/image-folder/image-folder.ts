import { show } from "@bn-only/errors";
import { checkInteger, checkOptions, checkPath } from "../check.ts";
import { shuffledOrder } from "../batches/shuffle.ts";
import { nodeParts } from "../environment.ts";
import { FormatError, OptionError } from "../errors.ts";
import { labelArray } from "../labels.ts";
import { normalizationTable } from "../transforms/normalize.ts";
import { checkSize, heightAndWidth } from "../transforms/size.ts";
import type { Size } from "../transforms/size.ts";
import type { DatasetSplits, ImageFileDataset, Normalization } from "../types.ts";
import type { ClassFolder } from "./scan.ts";

/** Options of `imageFolder`. Without any, images are RGB, and all files must have one size. */
export interface ImageFolderOptions {
  /**
   * Size of the images: the largest window of these proportions in the middle of each, resized. A
   * first transform that takes any size (`resize`, `randomResizedCrop`) gets the whole image instead.
   * Default: the size that all files have, whose headers are read for it.
   */
  readonly size?: Size | undefined;
  /** 3 for RGB, 1 for grey; images of the other kind are converted. Default 3. */
  readonly channels?: 1 | 3 | undefined;
  /** Share of each class that becomes the test split, when the folder has none. Default 0.2. */
  readonly testShare?: number | undefined;
  /** Decides that split. Integer, `0 <= seed < 2^53`. Default 0. */
  readonly seed?: number | undefined;
  /** Default: ImageNet's constants, by the number of channels. */
  readonly normalization?: Normalization | undefined;
}

/**
 * PNGs and JPEGs in folders named after their classes, read from disk when a batch needs them, so
 * that they may be more than memory holds. Node only. Either
 * `<path>/train/<class>/*` and `<path>/test/<class>/*` (or `val`), as torchvision has it, or
 * `<path>/<class>/*`, which is split by `testShare` and `seed`. Without `test` and `val` beside it, a folder `train`
 * that holds images is a class.
 *
 * @throws FormatError, which names the file or folder, when there is no class, a class without
 *   images, one that only the test split has, images of several sizes without `size`, or no image in a file
 * @throws OptionError when an option is out of range
 */
export async function imageFolder(
  path: string,
  options: ImageFolderOptions = {},
): Promise<DatasetSplits<ImageFileDataset>> {
  checkPath("path", path);
  checkOptions("imageFolder", options, {
    size: true,
    channels: true,
    testShare: true,
    seed: true,
    normalization: true,
  });
  const { size, channels = 3, testShare = 0.2, seed = 0, normalization } = options;
  checkValues(size, channels, testShare, seed);
  if (normalization !== undefined) normalizationTable(normalization, channels);
  const node = nodeParts();
  if (node === undefined) {
    throw new OptionError(
      "path",
      "imageFolder: expected Node, which has a disk. In a browser pass decoded pixels to arrays().",
    );
  }
  const { commonSize, foldersIn, holdsClasses, scanClasses } = await node.scan();
  const { join, resolve } = await node.path();
  const folder = resolve(path);
  const inside = await foldersIn(folder);
  let train: readonly ClassFolder[];
  let test: readonly ClassFolder[];
  const held = ["test", "val"].find((split) => inside.includes(split));
  // Without a split beside it, it may be a class.
  const isSplit = async () => held !== undefined || holdsClasses(join(folder, "train"));
  if (inside.includes("train") && (await isSplit())) {
    if (held === undefined) {
      throw new FormatError(
        folder,
        "expected a folder test or val beside train, found neither. " +
          `Add one, or name ${join(folder, "train")} to split it.`,
      );
    }
    train = await scanClasses(join(folder, "train"));
    test = await scanClasses(join(folder, held));
    const unknown = test.find(({ name: label }) => train.every((other) => other.name !== label));
    if (unknown !== undefined) {
      throw new FormatError(
        join(folder, held, unknown.name),
        `expected a class of ${join(folder, "train")}, got another one.`,
      );
    }
  } else {
    ({ train, test } = splitClasses(await scanClasses(folder), testShare, seed));
  }
  const classes = train.map(({ name }) => name);
  const all = [...train, ...test].flatMap(({ files }) => files);
  const [height, width] = size === undefined ? await commonSize(all) : heightAndWidth(size);
  const toDataset = (split: readonly ClassFolder[]): ImageFileDataset => {
    const files = split.flatMap((folderOfClass) => folderOfClass.files);
    const labels = labelArray(files.length, classes.length);
    let position = 0;
    for (const { name, files: own } of split) {
      labels.fill(classes.indexOf(name), position, position + own.length);
      position += own.length;
    }
    return {
      name: `folder:${path}`,
      files,
      labels,
      shape: [height, width, channels],
      classes,
      fitted: size !== undefined,
      ...(normalization === undefined ? {} : { normalization }),
    };
  };
  return { train: toDataset(train), test: toDataset(test) };
}

/** Takes a share of every class, at least one image and at most all but one. */
function splitClasses(
  classes: readonly ClassFolder[],
  testShare: number,
  seed: number,
): { train: ClassFolder[]; test: ClassFolder[] } {
  const train: ClassFolder[] = [];
  const test: ClassFolder[] = [];
  for (const [label, { name, files }] of classes.entries()) {
    if (files.length < 2) {
      throw new FormatError(
        files[0]!,
        `expected at least 2 images of the class ${name}, one of them for the test split, got 1.`,
      );
    }
    const count = Math.round(files.length * testShare);
    const taken = Math.max(1, Math.min(files.length - 1, count));
    const chosen = new Set(shuffledOrder(files.length, seed, label, "split").subarray(0, taken));
    train.push({ name, files: files.filter((_, i) => !chosen.has(i)) });
    test.push({ name, files: files.filter((_, i) => chosen.has(i)) });
  }
  return { train, test };
}

function checkValues(
  size: Size | undefined,
  channels: number,
  testShare: number,
  seed: number,
): void {
  if (size !== undefined) checkSize(size);
  checkInteger("seed", seed, 0);
  if (channels !== 1 && channels !== 3) {
    throw new OptionError("channels", `channels: expected 1 or 3, got ${show(channels)}.`);
  }
  if (!(typeof testShare === "number" && testShare > 0 && testShare < 1)) {
    throw new OptionError(
      "testShare",
      `testShare: expected a number between 0 and 1, got ${show(testShare)}.`,
    );
  }
}
