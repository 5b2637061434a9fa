// A data set of one's own. `--plugin` takes this package, and `loadDataset("shapes", { datasets })`.

import { readFile } from "node:fs/promises";
import { defineImageDataset, FormatError } from "@bn-only/datasets";

const classes = ["square", "disc", "cross"];
const pixels = 12 * 12;
const record = 1 + pixels;
const trainSize = 300;

const shapes = defineImageDataset({
  info: {
    name: "shapes",
    description: "390 drawn squares, discs and crosses of 12x12 grey pixels",
    shape: [12, 12, 1],
    classes: classes.length,
    trainSize,
    testSize: 90,
    licence: "MIT",
    download: false,
  },
  manifest: {
    dataset: "shapes",
    files: [
      {
        name: "shapes.bin",
        bytes: 390 * record,
        sha256: "d9ceacf1de04d4b9e093283c988de8d79387148836e1e88a8d17a9beee06611b",
      },
    ],
  },
  // Data on a server would be httpFilesSource({ url: "https://example.org/shapes/" }).
  sources: [
    {
      name: "the package",
      network: false,
      load: async () =>
        new Map([["shapes.bin", await readFile(new URL("data/shapes.bin", import.meta.url))]]),
    },
  ],
  parse(files) {
    const bytes = files.get("shapes.bin");
    return {
      classes,
      train: parseRecords(bytes.subarray(0, trainSize * record)),
      test: parseRecords(bytes.subarray(trainSize * record)),
    };
  },
  normalization: { mean: [0.25], std: [0.25] },
});

export const datasets = [shapes];

/** Each image is its label and then its pixels. */
function parseRecords(bytes) {
  const count = bytes.length / record;
  if (!Number.isInteger(count)) {
    throw new FormatError(
      "shapes.bin",
      `expected records of ${record} bytes, got ${bytes.length}.`,
    );
  }
  const images = new Uint8Array(count * pixels);
  const labels = new Uint8Array(count);
  for (let n = 0; n < count; n++) {
    labels[n] = bytes[n * record];
    images.set(bytes.subarray(n * record + 1, (n + 1) * record), n * pixels);
  }
  return { images, labels };
}
