import type { Model } from "@bn-only/trainer";
import { type NormalizationName, normalizationNames } from "../../data/normalization.ts";
import type { ImageShape } from "../../data/shape.ts";
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
  { dataset: wanted }: EvaluateCommandOptions,
): TestedWith {
  const { dataset = "cifar10", dataSeed = "0", normalization = "imagenet", testSize } = notes;
  const same = wanted === undefined || wanted === dataset;
  return {
    dataset,
    seed: wholeNumber("the model's dataSeed", 0)(dataSeed),
    ...(same &&
      testSize !== undefined && { testSize: wholeNumber("the model's testSize", 1)(testSize) }),
    normalization: oneOf("the model's normalization", normalizationNames)(normalization),
  };
}

/** The shape of the images that a model was trained on; old files do not tell. */
export function inputShapeOf({ metadata: { notes } }: Model): ImageShape | undefined {
  const { inputShape } = notes;
  return inputShape === undefined ? undefined : imageShape("the model's inputShape")(inputShape);
}

/** The plugins that a model was trained with. */
export function pluginsOf({ metadata: { notes } }: Model): string[] {
  const { plugins } = notes;
  if (plugins === undefined) return [];
  try {
    const names: unknown = JSON.parse(plugins);
    if (Array.isArray(names)) return names.map(String);
  } catch {
    // Someone else's note.
  }
  return [plugins];
}
