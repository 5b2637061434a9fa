import type { Command } from "commander";
import { imageShape, oneOf, pathName, wholeNumber } from "../../options.ts";
import { type NormalizationName, normalizationNames } from "../../data/normalization.ts";
import type { ImageShape } from "../../data/shape.ts";

/** Which images, and how many of them; `bn-only evaluate` takes what is not given from the model. */
export interface DataSelection {
  readonly dataset?: string;
  readonly dataDir?: string;
  readonly testSize?: number;
  readonly inputShape?: ImageShape;
  readonly classes?: number;
  readonly normalization?: NormalizationName;
}

const parseNormalization = oneOf("--normalization", normalizationNames);

/** The options of `DataSelection`, with the defaults of the command. */
export function addDataOptions(
  command: Command,
  defaults: {
    readonly dataset?: string;
    /** Where values that are not given come from. */
    readonly otherwise: string;
  },
): Command {
  const { dataset, otherwise } = defaults;
  const unlessGiven = dataset === undefined ? ` (default: ${otherwise})` : "";
  return command
    .option(
      "--dataset <name>",
      `see bn-only datasets, or folder:<path> for PNG and JPEG in a folder a class${unlessGiven}`,
      dataset,
    )
    .option(
      "--data-dir <folder>",
      "a local folder with the data, instead of fetching them",
      pathName("--data-dir"),
    )
    .option(
      "--test-size <n>",
      `use n test images: the first, of a folder spread over the classes${unlessGiven}`,
      wholeNumber("--test-size", 1),
    )
    .option(
      "--input-shape <shape>",
      `height x width x channels, such as 64x64x3 (default: ${otherwise})`,
      imageShape("--input-shape"),
    )
    .option(
      "--classes <n>",
      `of synthetic images (default: ${otherwise})`,
      wholeNumber("--classes", 1),
    )
    .option(
      "--normalization <name>",
      `${normalizationNames.join(", ")} (default: ${dataset === undefined ? otherwise : "the data's own; ImageNet's for CIFAR-10, as in the paper's code"})`,
      parseNormalization,
    );
}
