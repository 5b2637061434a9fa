import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as backendTensorflow from "@bn-only/backend-tensorflow/install";
import * as backends from "@bn-only/backends";
import * as backendWasm from "@bn-only/backend-wasm";
import * as backendWebgpu from "@bn-only/backend-webgpu";
import * as datasets from "@bn-only/datasets";
import * as frozenLayers from "@bn-only/frozen-layers";
import * as resnetZoo from "@bn-only/resnet-zoo";
import * as trainer from "@bn-only/trainer";
import { describe, expect, test, vi } from "vitest";
import * as errors from "../src/errors.ts";
import * as io from "../src/io.ts";

interface ErrorClass {
  new (...args: never[]): Error;
  readonly marker: symbol;
  isInstance(value: unknown): boolean;
}

const packages = {
  "backend-tensorflow": backendTensorflow,
  "backend-wasm": backendWasm,
  "backend-webgpu": backendWebgpu,
  backends,
  cli: { ...errors, ...io },
  datasets,
  "frozen-layers": frozenLayers,
  "resnet-zoo": resnetZoo,
  trainer,
};

const isErrorClass = (value: unknown): value is ErrorClass =>
  typeof value === "function" && value.prototype instanceof Error;

/** By the name that a caller imports; a class that a package hands on counts for its own package. */
const classes = Object.entries(packages).flatMap(([name, exports]) =>
  Object.values<unknown>(exports)
    .filter(isErrorClass)
    .map((kind) => [`${name} ${kind.name}`, kind] as const),
);
const different = new Set(classes.map(([, kind]) => kind));

/** An error of a class without running its constructor, whose arguments differ. */
const make = (kind: ErrorClass): Error => Object.create(kind.prototype) as Error;

test("every package has error classes, and every class a marker of its own", () => {
  expect(new Set(classes.map(([name]) => name.split(" ")[0]))).toEqual(
    new Set(Object.keys(packages)),
  );
  expect(new Set(classes.map(([, { marker }]) => marker)).size).toBe(different.size);
});

describe.each(classes)("%s", (name, kind) => {
  test("the marker has the package's name and the class's", () => {
    expect(Object.hasOwn(kind, "marker")).toBe(true);
    expect(Symbol.keyFor(kind.marker)).toMatch(new RegExp(`^bn-only\\.[a-z-]+\\.${kind.name}$`));
  });

  test("isInstance: errors of this class and of those below it, of no other", () => {
    for (const other of different) {
      const below = other === kind || other.prototype instanceof kind;
      expect(kind.isInstance(make(other)), `${name}, ${other.name}`).toBe(below);
    }
    class Below extends (kind as new () => Error) {}
    expect(kind.isInstance(make(Below as ErrorClass))).toBe(true);
    expect((Below as ErrorClass).isInstance(make(kind))).toBe(false);
  });

  test("isInstance: nothing that is no error of ours", () => {
    const others = [new Error(kind.name), { name: kind.name }, kind, null, undefined, "", 0];
    for (const other of others) expect(kind.isInstance(other)).toBe(false);
    expect(kind.isInstance(Object.create(null))).toBe(false);
    expect(kind.isInstance({ marker: kind.marker })).toBe(false);
  });
});

test("two copies of a package know each other's errors", async () => {
  vi.resetModules();
  const copy = await import("@bn-only/datasets");
  const theirs = new copy.OptionError("size", "size: expected more.");
  expect(theirs).not.toBeInstanceOf(datasets.OptionError);
  expect(datasets.OptionError.isInstance(theirs)).toBe(true);
  expect(datasets.DatasetError.isInstance(theirs)).toBe(true);
  expect(datasets.DatasetUnavailableError.isInstance(theirs)).toBe(false);
});

test("DatasetUnavailableError.isInstance narrows to its own properties", () => {
  const error: unknown = new datasets.DatasetUnavailableError("cifar10", [], "Wait.");
  expect(datasets.DatasetUnavailableError.isInstance(error) && error.dataset).toBe("cifar10");
});

test("no package that is built depends on the source of the markers", () => {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const built = readdirSync(root).flatMap((name) => {
    const folder = `${root}${name}/dist`;
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => /\.(js|d\.ts)$/.test(file))
      .map((file) => `${folder}/${file}`);
  });
  const using = built.filter((file) => readFileSync(file, "utf8").includes("@bn-only/errors"));
  expect(built.length).toBeGreaterThan(0);
  expect(using).toEqual([]);
});
