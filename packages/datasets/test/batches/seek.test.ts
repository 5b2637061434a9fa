import {
  array,
  assert,
  boolean,
  constant,
  integer,
  maxSafeNat,
  nat,
  oneof,
  property,
  record,
} from "fast-check";
import { test } from "vitest";
import { batchSource } from "../../src/batches/batch-source.ts";
import { synthetic } from "../../src/synthetic.ts";
import { cropWithPadding } from "../../src/transforms/crop-with-padding.ts";
import { horizontalFlip } from "../../src/transforms/horizontal-flip.ts";
import { randomResizedCrop } from "../../src/transforms/random-resized-crop.ts";
import { resize } from "../../src/transforms/resize.ts";
import type { Batch } from "../../src/types.ts";

const { train } = synthetic({ trainSize: 50, testSize: 1, shape: [8, 8, 3] });

test("batchSource: any transforms: startStep gives the bits of a run from the start", () => {
  const transform = oneof(
    constant(horizontalFlip()),
    integer({ min: 1, max: 9 }).map((padding) => cropWithPadding({ padding })),
    integer({ min: 1, max: 9 }).map((size) => randomResizedCrop({ size })),
    integer({ min: 1, max: 9 }).map((size) => resize({ size })),
  );
  const run = record({
    transforms: array(transform, { maxLength: 4 }),
    seed: maxSafeNat(),
    epoch: nat({ max: 0xffffffff }),
    batchSize: integer({ min: 1, max: 60 }),
    startStep: nat({ max: 6 }),
    shuffle: boolean(),
  });
  assert(
    property(run, ({ epoch, batchSize, startStep, ...options }) => {
      const whole = [...batchSource(train, options).batches({ epoch, batchSize })];
      const rest = [...batchSource(train, options).batches({ epoch, batchSize, startStep })];
      return rest.map(bits).join() === whole.slice(startStep).map(bits).join();
    }),
    { numRuns: 60 },
  );
});

function bits(batch: Batch): string {
  return `${batch.labels.join()}|${new Uint32Array(batch.images.buffer).join()}`;
}
