// A data set that some network delivers, from memory: what is kept of it on disk is the cache.
import { createHash } from "node:crypto";
import { defineImageDataset } from "@bn-only/datasets";

const [size, classes] = [8, ["dark", "bright"]];

function split(count) {
  const pixels = size * size * 3;
  const labels = Uint8Array.from({ length: count }, (_, i) => i % classes.length);
  const shade = (i) => 80 + 60 * labels[Math.floor(i / pixels)] + ((i * 31) % 50);
  return { images: Uint8Array.from({ length: count * pixels }, (_, i) => shade(i)), labels };
}

const splits = { train: split(24), test: split(8) };
const files = new Map(
  Object.entries(splits).flatMap(([name, { images, labels }]) => [
    [`${name}.images`, images],
    [`${name}.labels`, labels],
  ]),
);

export const datasets = [
  defineImageDataset({
    info: {
      name: "shades",
      description: "two shades",
      shape: [size, size, 3],
      classes: classes.length,
      trainSize: 24,
      testSize: 8,
      licence: "MIT",
      download: true,
    },
    manifest: {
      dataset: "shades",
      files: [...files].map(([name, bytes]) => ({
        name,
        bytes: bytes.length,
        sha256: createHash("sha256").update(bytes).digest("hex"),
      })),
    },
    sources: [{ name: "memory", network: true, load: async () => files }],
    parse: () => ({ classes, ...splits }),
  }),
];
