import { join } from "node:path";
import { UsageError } from "../errors.ts";
import { runFiles, type RunFileName } from "../run/files.ts";
import type { FinishedRun } from "../run/read.ts";
import { listOf, natural, number, objectOf, optional, type Shape, text } from "../run/shape.ts";
import { optionShapes } from "../training/check-options.ts";

const run: Shape = objectOf({
  network: text,
  versions: objectOf({ bnOnly: text }),
  options: objectOf(optionShapes),
  result: objectOf({
    testAccuracy: number,
    testLoss: number,
    trainableParameters: number,
    totalParameters: number,
    modelBytes: number,
    modelSha256: optional(text),
    seconds: number,
    imagesPerSecond: number,
    backend: text,
    seed: number,
    network: text,
    condition: text,
  }),
});

const history: Shape = listOf(
  objectOf({
    trainLoss: number,
    trainAccuracy: number,
    testLoss: optional(number),
    testAccuracy: optional(number),
  }),
);

const record: Shape = objectOf({
  network: objectOf({
    macs: number,
    batchNormParameters: number,
    published: optional(objectOf({ batchNormOnly: optional(number), source: text })),
  }),
  classes: listOf(text),
  trainImages: number,
  gammaBefore: listOf(number),
  gammaAfter: listOf(number),
  shown: listOf(objectOf({ png: text, label: natural, prediction: natural })),
  notShown: optional(text),
});

/**
 * The run, when every value that the page shows is what it should be.
 *
 * @throws UsageError that names the file and the place of the first one that is not
 */
export function checkedRun(folder: string, finished: FinishedRun): FinishedRun {
  const files: readonly [RunFileName, Shape, unknown][] = [
    [runFiles.run, run, finished],
    [runFiles.metrics, history, finished.history],
    [runFiles.record, record, finished.record],
  ];
  for (const [name, shape, value] of files) {
    const wrong = shape(value);
    if (wrong === undefined) continue;
    const what = wrong === "" ? "" : ` at ${wrong}`;
    throw new UsageError(
      `${join(folder, name)} is damaged or of another version${what}, so there is no page. Train it again.`,
    );
  }
  return finished;
}
