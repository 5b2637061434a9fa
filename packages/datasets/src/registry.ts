import { closest } from "fastest-levenshtein";
import { cifar10 } from "./cifar10.ts";
import type { Cifar10Options } from "./cifar10.ts";
import { cifar10Classes } from "./cifar10-manifest.ts";
import { NoSuchDatasetError } from "./errors.ts";
import { synthetic } from "./synthetic.ts";
import type { SyntheticOptions } from "./synthetic.ts";
import type { DatasetSplits } from "./types.ts";

/** What is known about a data set before it is loaded. */
export interface DatasetInfo {
  /** For `loadDataset`. */
  readonly name: string;
  /** One line. */
  readonly description: string;
  /** Shape of one image. */
  readonly shape: readonly [height: number, width: number, channels: number];
  /** Number of classes. */
  readonly classes: number;
  readonly trainSize: number;
  readonly testSize: number;
  /** Terms of use. */
  readonly licence: string;
  /** Whom to cite, if anyone. */
  readonly citation?: string;
  readonly homepage?: string;
  /** True when it needs a network the first time. */
  readonly download: boolean;
}

/** Options of every data set; each reads the ones it knows. */
export interface LoadDatasetOptions extends Cifar10Options, SyntheticOptions {}

interface Entry {
  readonly info: DatasetInfo;
  readonly load: (options: LoadDatasetOptions) => Promise<DatasetSplits>;
}

const entries: readonly Entry[] = [
  {
    info: {
      name: "cifar10",
      description: "60,000 photographs of 32x32 pixels in 10 classes",
      shape: [32, 32, 3],
      classes: cifar10Classes.length,
      trainSize: 50_000,
      testSize: 10_000,
      licence: "no licence stated by its authors; the npm package that mirrors it is ISC",
      citation:
        "Alex Krizhevsky, Learning Multiple Layers of Features from Tiny Images, " +
        "University of Toronto, 2009",
      homepage: "https://www.cs.toronto.edu/~kriz/cifar.html",
      download: true,
    },
    load: cifar10,
  },
  {
    info: {
      name: "synthetic",
      description: "learnable patterns from a seed, of any size and shape; needs no network",
      shape: [32, 32, 3],
      classes: 10,
      trainSize: 2000,
      testSize: 500,
      licence: "MIT, as this package",
      download: false,
    },
    load: async (options) => synthetic(options),
  },
];

/** Every data set that `loadDataset` knows. */
export function listDatasets(): DatasetInfo[] {
  return entries.map(({ info }) => info);
}

/**
 * Loads a data set by name.
 *
 * @throws NoSuchDatasetError with the nearest name when there is none of that name
 */
export async function loadDataset(
  name: string,
  options: LoadDatasetOptions = {},
): Promise<DatasetSplits> {
  const entry = entries.find(({ info }) => info.name === name);
  if (entry === undefined) {
    const names = entries.map(({ info }) => info.name);
    throw new NoSuchDatasetError(name, closest(name.toLowerCase(), names), names);
  }
  return entry.load(options);
}
