import type { Model } from "@bn-only/trainer";
import { type NormalizationName, normalizationNames } from "../../data/normalization.ts";
import type { ImageShape } from "../../data/shape.ts";
import { UsageError } from "../../errors.ts";
import { imageShape, oneOf, wholeNumber } from "../../options.ts";
import type { EvaluateCommandOptions } from "./options.ts";

interface TestedWith {
  readonly dataset: string;
  readonly seed: number;
  readonly testSize?: number;
  readonly normalization: NormalizationName;
}

/**
 * The data and the normalisation that a model was tested with, as `bn-only train` noted them; for other
 * data only what still holds.
 */
export function dataOf(
  { metadata: { notes } }: Model,
  { dataset: wanted, testSize: wantedSize }: EvaluateCommandOptions,
): TestedWith {
  const { dataset = "cifar10", dataSeed = "0", normalization = "imagenet", testSize } = notes;
  const same = wanted === undefined || wanted === dataset;
  if (same && dataset === "synthetic" && wantedSize === undefined) assertFewPixels(notes);
  return {
    dataset,
    seed: wholeNumber("the model's dataSeed", 0)(dataSeed),
    ...(same &&
      testSize !== undefined && { testSize: wholeNumber("the model's testSize", 1)(testSize) }),
    normalization: oneOf("the model's normalization", normalizationNames)(normalization),
  };
}

/** Images that are made, not read, are all in memory at once: a file may ask for 1 GiB of them. */
function assertFewPixels({ testSize = "0", inputShape = "" }: Readonly<Record<string, string>>) {
  const pixels = inputShape.split("x").reduce((product, side) => product * Number(side), 1);
  if (!(Number(testSize) * pixels > 2 ** 30)) return;
  throw new UsageError(
    `the model's ${testSize} synthetic images of ${inputShape} would take more than 1 GiB. Choose fewer with --test-size.`,
  );
}

/** The shape of the images that a model was trained on; old files do not tell. */
export function inputShapeOf({ metadata: { notes } }: Model): ImageShape | undefined {
  const { inputShape } = notes;
  return inputShape === undefined ? undefined : imageShape("the model's inputShape")(inputShape);
}

/**
 * A model file can name code but never has it run: whoever evaluates must name it himself.
 *
 * @throws UsageError when the model needs plugins and none is given.
 */
export function checkPlugins(
  file: string,
  { metadata: { notes } }: Model,
  given: readonly string[] = [],
): void {
  const named = notes["plugins"];
  if (named === undefined || given.length > 0) return;
  throw new UsageError(
    `${file} was trained with ${pluginNames(named)}, whose code is not in the file. Name it with --plugin if you trust it.`,
  );
}

function pluginNames(note: string): string {
  try {
    return `the plugin ${(JSON.parse(note) as string[]).join(", ")}`;
  } catch {
    return "a plugin";
  }
}
