import { useBackend } from "@bn-only/backends";
import { memory } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Batch,
  type BatchSource,
  constant,
  evaluate,
  InvalidOptionError,
  train,
  type TrainCallback,
  zeroOutputs,
} from "../src/index.ts";
import { inputShape, tinyNetwork } from "./support/tiny.ts";

const pixels = 8 * 8 * 3;

/** Whole images of one colour; `change` spoils each batch. */
function source(change: (batch: Batch) => unknown = (batch) => batch, size = 8): BatchSource {
  return {
    size,
    inputShape,
    classes: 10,
    *batches({ batchSize }) {
      for (let start = 0; start < 8; start += batchSize) {
        const count = Math.min(batchSize, 8 - start);
        const images = Float32Array.from({ length: count * pixels }, (_, i) => (i * 37) % 256);
        const labels = Int32Array.from({ length: count }, (_, i) => (start + i) % 10);
        yield change({ images, labels, size: count }) as Batch;
      }
    },
  };
}

const options = { epochs: 1, batchSize: 4, schedule: constant(0.01) } as const;
const relabel = (labels: readonly unknown[]) =>
  source((batch) => ({ ...batch, labels: labels as unknown as Int32Array }));

/** What each of the three readers of a source says of it. */
const readers = {
  train: async (data: BatchSource) => {
    const network = tinyNetwork();
    try {
      await train({ network, data: { train: data }, ...options });
    } finally {
      network.dispose();
    }
  },
  evaluate: async (data: BatchSource) => {
    const network = tinyNetwork();
    try {
      await evaluate(network, data, { batchSize: 4 });
    } finally {
      network.dispose();
    }
  },
  zeroOutputs: async (data: BatchSource) => {
    const network = tinyNetwork();
    try {
      await zeroOutputs(network, data, { batchSize: 4 });
    } finally {
      network.dispose();
    }
  },
};

const wrong: Readonly<Record<string, [() => BatchSource, RegExp]>> = {
  "ends early": [
    () => source(undefined, 12),
    /says that it has 12 images and delivered 8 in epoch 1/,
  ],
  "gives too many": [
    () => source(undefined, 4),
    /says that it has 4 images and delivered at least 8 in epoch 1/,
  ],
  "gives nothing": [
    () => ({ ...source(), batches: () => [] }),
    /says that it has 8 images and delivered 0/,
  ],
  "has no images": [() => source(undefined, 0), /expected at least one image, got none/],
  "has NaN images": [
    () => source(undefined, Number.NaN),
    /a whole number of images up to 2\^31, got NaN/,
  ],
  "batches() gives nothing": [
    () => ({ ...source(), batches: () => undefined as never }),
    /something to iterate over, such as a generator, got undefined/,
  ],
  "is none": [() => undefined as never, /data|source/],
  "a label NaN": [() => relabel([0, 1, Number.NaN, 3]), /the label NaN is none of the 10 classes/],
  "a label undefined": [() => relabel([0, undefined, 2, 3]), /the label undefined is none/],
  "a label in words": [() => relabel(["class 3", 1, 2, 3]), /the label "class 3" is none/],
  "a label 3.5": [() => relabel([0, 1, 2, 3.5]), /the label 3.5 is none/],
  "a label -1": [() => relabel([0, 1, 2, -1]), /the label -1 is none/],
  "a label 10": [() => relabel([0, 1, 2, 10]), /the label 10 is none/],
  "too few labels": [
    () => relabel([0, 1, 2]),
    /4 images need 768 numbers and 4 labels, got 768 and 3/,
  ],
  "too few pixels": [
    () => source((batch) => ({ ...batch, images: batch.images.slice(1) })),
    /4 images need 768 numbers and 4 labels, got 767 and 4/,
  ],
  "a pixel NaN": [
    () => source((batch) => ({ ...batch, images: batch.images.fill(Number.NaN, 5, 6) })),
    /number 5 of the images is NaN, expected finite numbers/,
  ],
  "a pixel Infinity": [
    () => source((batch) => ({ ...batch, images: batch.images.fill(Infinity, 766, 767) })),
    /number 766 of the images is Infinity/,
  ],
  "images of bigint": [
    () => source((batch) => ({ ...batch, images: new BigInt64Array(4 * pixels) })),
    /expected .* arrays of numbers .* got images a BigInt64Array/,
  ],
  "a batch null": [() => source(() => null), /batch: expected \{ images, labels, size \}/],
  "a batch without size": [
    () => source(({ images, labels }) => ({ images, labels })),
    /size undefined/,
  ],
  "batches of another size": [
    () =>
      source(({ images, labels }) => ({
        images: images.slice(0, pixels),
        labels: labels.slice(0, 1),
        size: 1,
      })),
    /expected 4 images, got 1/,
  ],
};

describe.each(["wasm", "cpu"])("on %s", (backend) => {
  beforeAll(async () => void (await useBackend(backend, { threads: 1 })));

  describe.each(Object.entries(readers))("%s refuses a source that", (_, read) => {
    test.each(Object.entries(wrong))("%s", async (_name, [make, message]) => {
      const before = memory().numTensors;
      const error = await read(make()).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(InvalidOptionError);
      expect((error as Error).message).toMatch(message);
      expect(memory().numTensors).toBe(before);
    });
  });

  test("a one-shot iterator: the second epoch is refused, not taken for one of loss 0", async () => {
    const network = tinyNetwork();
    const once = source().batches({ epoch: 0, batchSize: 4 });
    const data = { train: { ...source(), batches: () => once } };
    await expect(train({ network, data, ...options, epochs: 2 })).rejects.toThrow(
      /says that it has 8 images and delivered 0 in epoch 2/,
    );
    network.dispose();
  });

  const kinds: Readonly<Record<string, (values: Float32Array) => unknown>> = {
    Uint8Array: (values) => Uint8Array.from(values),
    Uint8ClampedArray: (values) => Uint8ClampedArray.from(values),
    Int32Array: (values) => Int32Array.from(values),
    Uint16Array: (values) => Uint16Array.from(values),
    Float64Array: (values) => Float64Array.from(values),
    list: (values) => [...values],
  };
  test.each(Object.entries(kinds))("images in a %s are the same numbers", async (_, convert) => {
    const other = source((batch) => ({
      ...batch,
      images: convert(batch.images),
      labels: [...batch.labels],
    }));
    const results = [];
    for (const data of [source(), other]) {
      const network = tinyNetwork();
      const { history } = await train({ network, data: { train: data, test: data }, ...options });
      results.push([history[0]!.trainLoss, history[0]!.testLoss]);
      network.dispose();
    }
    expect(results[1]).toEqual(results[0]);
  });

  test("a source that fails, or is left, is closed", async () => {
    let closed = 0;
    const closing = (fail: boolean): BatchSource => ({
      ...source(),
      *batches(request) {
        try {
          yield* source().batches(request) as Iterable<Batch>;
          if (fail) throw new Error("the disk is gone");
        } finally {
          closed += 1;
        }
      },
    });
    const network = tinyNetwork();
    await expect(train({ network, data: { train: closing(true) }, ...options })).rejects.toThrow(
      "the disk is gone",
    );
    const stop: TrainCallback = (event, context) => {
      if (event.event === "step") context.stop();
    };
    await train({ network, data: { train: closing(false) }, ...options, callbacks: [stop] });
    const controller = new AbortController();
    controller.abort(new Error("enough"));
    const { signal } = controller;
    await expect(evaluate(network, closing(false), { signal })).rejects.toThrow("enough");
    network.dispose();
    expect(closed).toBe(3);
  });
});

afterAll(async () => void (await useBackend("cpu")));
