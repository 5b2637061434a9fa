import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import {
  decodeSafetensors,
  type Model,
  ModelFileError,
  readModel,
  useBackend,
} from "../../src/index.ts";
import { indexOf, makeCorpus, pathOf } from "./vectors/make/corpus.ts";
import { logitsOf, networkOf } from "./vectors/make/networks.ts";

const folder = fileURLToPath(new URL("vectors/", import.meta.url));

interface Entry {
  readonly file: string;
  readonly kind: "valid" | "odd" | "invalid";
  readonly stage: "file" | "model" | "network";
  readonly refused?: { readonly message: string };
  readonly metadata?: [string, string][];
  readonly tensors?: { name: string; type: string; shape: number[]; bytes: string }[];
  readonly logits?: number[][];
}

const { vectors } = JSON.parse(readFileSync(join(folder, "index.json"), "utf8")) as {
  vectors: Entry[];
};

beforeAll(async () => {
  await useBackend("cpu");
  if (process.env["WRITE_VECTORS"] !== "1") return;
  const corpus = await makeCorpus();
  for (const vector of corpus) {
    const path = join(folder, pathOf(vector));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, vector.bytes);
  }
  writeFileSync(join(folder, "index.json"), indexOf(corpus));
});

/** Reads a file as far as its stage. */
async function read({ file, stage }: Entry) {
  const bytes = readFileSync(join(folder, file));
  if (stage === "file") return decodeSafetensors(bytes);
  const model: Model = readModel(bytes);
  return stage === "network" ? networkOf(model) : model;
}

test("the files are those that make/ makes, and no others", async () => {
  const corpus = await makeCorpus();
  expect(JSON.parse(indexOf(corpus))).toEqual({ vectors });
  for (const vector of corpus) {
    const bytes = readFileSync(join(folder, pathOf(vector)));
    expect(bytes.equals(vector.bytes), pathOf(vector)).toBe(true);
  }
  const found = ["valid", "odd", "invalid"].flatMap((kind) =>
    readdirSync(join(folder, kind)).map((name) => `${kind}/${name}`),
  );
  expect(found.sort()).toEqual(vectors.map(({ file }) => file).sort());
});

describe.each(vectors.filter(({ kind }) => kind === "invalid"))("$file", (vector) => {
  test("is refused by an error of ours, at its stage, and leaves no tensor", async () => {
    const before = memory().numTensors;
    const error: unknown = await read(vector).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ModelFileError);
    const { message } = error as Error;
    expect(message).toContain(vector.refused!.message);
    expect(message).toMatch(/^[^\p{Cc}]+$/u);
    expect(message.length).toBeLessThan(400);
    expect(memory().numTensors).toBe(before);
    // What comes before is in order: the stage is the first that refuses.
    const bytes = readFileSync(join(folder, vector.file));
    if (vector.stage !== "file") decodeSafetensors(bytes);
    if (vector.stage === "network") readModel(bytes);
  });
});

describe.each(vectors.filter(({ tensors }) => tensors))("$file", (vector) => {
  test("has the metadata and the bits of the index", () => {
    const { metadata, tensors } = decodeSafetensors(readFileSync(join(folder, vector.file)));
    expect([...metadata]).toEqual(vector.metadata ?? []);
    const found = [...tensors].map(([name, { shape, values }]) => ({
      name,
      type: values instanceof Int32Array ? "I32" : "F32",
      shape,
      bytes: Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("hex"),
    }));
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(found.sort(byName)).toEqual([...vector.tensors!].sort(byName));
  });
});

describe.each(vectors.filter(({ logits }) => logits))("$file", (vector) => {
  test("gives the logits of the index on wasm too", async () => {
    await useBackend("wasm");
    const network = await networkOf(readModel(readFileSync(join(folder, vector.file))));
    const logits = await logitsOf(network);
    logits.flat().forEach((value, i) => expect(value).toBeCloseTo(vector.logits!.flat()[i]!, 4));
    network.dispose();
    await useBackend("cpu");
  });
});
