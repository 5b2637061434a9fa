import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import { DatasetError } from "../../../../packages/datasets/src/errors.ts";
import { gunzip as unpack } from "../../../../packages/datasets/src/formats/gunzip.ts";
import { readTarGzip } from "../../../../packages/datasets/src/formats/tar-gzip.ts";
import { gzipMutations, tarMutations, withRightEnd } from "../structures/gzip.ts";
import { encode } from "../structures/json.ts";
import type { Target } from "../target.ts";

const typed = (error: unknown): boolean => DatasetError.isInstance(error);
const most = 1 << 16;
const wanted = new Map([
  ["d/a", 3],
  ["d/b", 600],
]);

/** What streams of the platform take for themselves. */
const streams = 3 << 20;

export const gunzip: Target = {
  seeds: () => [
    new Uint8Array(gzipSync("hello")),
    new Uint8Array(gzipSync(encode("0123456789".repeat(900)))),
    new Uint8Array(Buffer.concat([gzipSync("one"), gzipSync("two")])),
  ],
  async run(bytes) {
    const content = await unpack(bytes, "file", most);
    if (content.length > most) throw new Error("more than the limit");
  },
  typed,
  limit: (size) => streams + 2 * most + size,
  structured: gzipMutations,
  repair: withRightEnd,
};

export const tarGzip: Target = {
  seeds: async () => {
    const entries = [
      { header: { name: "d/", size: 0, type: "directory" as const } },
      { header: { name: `${"long/".repeat(30)}x`, size: 2 }, body: "xy" },
      { header: { name: "d/a", size: 3 }, body: "abc" },
      { header: { name: "d/b", size: 600 }, body: "b".repeat(600) },
    ];
    return [new Uint8Array(gzipSync(await packTar(entries)))];
  },
  async run(bytes) {
    const files = await readTarGzip(bytes, "file", wanted);
    for (const [name, size] of wanted) {
      if (files.get(name)?.length !== size) throw new Error("another size");
    }
  },
  typed,
  limit: (size) => streams + 4 * (1 << 20) + size,
  structured: [...tarMutations, ...tarMutations, ...gzipMutations],
  repair: withRightEnd,
};
