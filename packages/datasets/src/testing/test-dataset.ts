import { batchSource } from "../batches/batch-source.ts";
import { checkOptions, checkThat } from "../check.ts";
import { checkDataset, checkFiles } from "../check-dataset.ts";
import type { ImageDatasetDefinition, LoadOptions } from "../definition.ts";
import { DatasetError } from "../errors.ts";
import type { AnyImageDataset, Batch } from "../types.ts";

/** `test` of vitest, jest or node:test. */
export type RegisterTest = (name: string, run: () => Promise<void>) => unknown;

/** How `testDataset` loads a data set, and what it looks for beyond what `info` says. */
export interface DatasetExpectations {
  /** For `load`, such as a folder. Default: none. */
  readonly load?: LoadOptions | undefined;
  /** How many of the first labels are these, from a look at the files. */
  readonly firstLabels?: readonly number[] | undefined;
}

/**
 * Registers the tests that every data set has to pass: what `info` promises is what is loaded, twice the same; every class is there; batches are
 * finite, and those from `startStep` on are those of the whole epoch.
 *
 * @param test of your test runner
 */
export function testDataset(
  test: RegisterTest,
  definition: ImageDatasetDefinition<AnyImageDataset>,
  expected: DatasetExpectations = {},
): void {
  checkOptions("testDataset", expected, { load: true, firstLabels: true });
  const { info, load } = Object(definition) as Partial<typeof definition>;
  const fits = typeof info?.name === "string" && typeof load === "function";
  checkThat(fits, "testDataset: the definition", "{ info, load() }", definition);
  const { name, shape, classes, trainSize, testSize } = definition.info;
  const loaded = () => definition.load(expected.load ?? {});

  test(`${name}: it is what info says, and every class is in both splits`, async () => {
    const splits = await loaded();
    for (const [split, size] of [
      ["train", trainSize],
      ["test", testSize],
    ] as const) {
      const dataset = splits[split];
      if ("files" in dataset) checkFiles(dataset);
      else checkDataset(dataset);
      const count = dataset.labels.length;
      check(count === size, `${split} has ${count} images, info says ${size}`);
      check(dataset.shape.join() === shape.join(), `${split} is of ${dataset.shape.join("x")}`);
      check(dataset.classes.length === classes, `${split} has ${dataset.classes.length} classes`);
      const missing = dataset.classes.filter((_, label) => !dataset.labels.includes(label));
      check(missing.length === 0, `${split} has no ${missing.join(", ")}`);
    }
    const first = expected.firstLabels ?? [];
    const actual = [...splits.train.labels.subarray(0, first.length)];
    check(actual.join() === first.join(), `the first labels are ${actual.join()}`);
  });

  test(`${name}: loaded again, it is the same`, async () => {
    const [one, two] = [await loaded(), await loaded()];
    for (const split of ["train", "test"] as const) {
      check(equal(one[split].labels, two[split].labels), `the labels of ${split} differ`);
      check(equal(contents(one[split]), contents(two[split])), `the images of ${split} differ`);
    }
  });

  test(`${name}: batches are finite, and the same from any step on`, async () => {
    const { train } = await loaded();
    const source = batchSource(train, { shuffle: true, seed: 1 });
    const batchSize = Math.max(1, Math.ceil(train.labels.length / 3));
    const whole = await take(source.batches({ epoch: 0, batchSize }), 3);
    const later = await take(source.batches({ epoch: 0, batchSize, startStep: 1 }), 2);
    for (const { images } of whole) {
      check(images.every(Number.isFinite), "a normalised pixel is no finite number");
      check(
        images.some((value) => value !== images[0]),
        "all pixels of a batch are alike",
      );
    }
    for (const [i, { images, labels }] of later.entries()) {
      const same = equal(images, whole[i + 1]!.images) && equal(labels, whole[i + 1]!.labels);
      check(same, `batch ${i + 1} is another one when it is reached at once`);
    }
  });
}

/** Pixels or paths. */
function contents(dataset: AnyImageDataset): ArrayLike<unknown> {
  return "files" in dataset ? dataset.files : dataset.images;
}

function equal(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
  return a.length === b.length && Array.prototype.every.call(a, (value, i) => value === b[i]);
}

async function take(
  batches: Iterable<Batch> | AsyncIterable<Batch>,
  most: number,
): Promise<Batch[]> {
  const taken: Batch[] = [];
  for await (const batch of batches) {
    taken.push(batch);
    if (taken.length === most) break;
  }
  return taken;
}

function check(fits: boolean, fault: string): asserts fits {
  if (!fits) throw new DatasetError(`testDataset: ${fault}.`);
}
