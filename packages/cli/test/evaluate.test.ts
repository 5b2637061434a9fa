import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { trainTiny, writeAltered } from "./support/fixtures.ts";
import { parseLines, run } from "./support/io.ts";

let model: Awaited<ReturnType<typeof trainTiny>>;
beforeAll(async () => {
  model = await trainTiny();
});

/** One line on stderr, nothing else. */
async function fails(file: string, ...args: string[]): Promise<string> {
  const { code, out, err } = await run(["evaluate", file, ...args]);
  expect(code).toBeGreaterThan(0);
  expect(out).not.toContain("test accuracy");
  expect(err).toMatch(/^error: [^\n]+\n$/);
  return err;
}

describe("evaluate", () => {
  test("for people: one line with accuracy and loss", async () => {
    const { code, out } = await run(["evaluate", model.file]);
    expect(code).toBe(0);
    expect(out).toMatch(
      /\ntest accuracy \d+\.\d\d %, loss \d\.\d{4}, on synthetic, from a file of 9\.\d KB\n$/,
    );
  });

  test("--test-size takes other images than training did", async () => {
    const { out } = await run(["evaluate", model.file, "--test-size", "5", "--json"]);
    const { testAccuracy } = parseLines(out).at(-1)! as { testAccuracy: number };
    expect((5 * testAccuracy) % 1).toBe(0);
  });

  test("a folder, and no file at all", async () => {
    expect(await fails(model.folder)).toBe(
      `error: ${model.folder} is a folder. Name the model.safetensors in it.\n`,
    );
    expect(await fails(`${model.file}x`)).toContain("Name the model.safetensors of a run folder.");
    expect(await fails(join(model.file, "x"))).toContain("cannot be read");
  });

  test("what has no end is not read", async () => {
    expect(await fails("/dev/zero")).toBe(
      "error: /dev/zero cannot be read: it is a pipe or a device. Check the path.\n",
    );
  });

  test("images of other channels than the network was drawn for", async () => {
    expect(await fails(model.file, "--input-shape", "16x16x1")).toBe(
      `error: ${model.file} is of a network for images of 3 channels, those of synthetic have 1. ` +
        "Choose other data with --dataset.\n",
    );
  });

  test.each([
    ["empty", Buffer.alloc(0), "it has only 0 bytes"],
    ["text", Buffer.from("hello, this is text\n"), "its header claims"],
  ])("a file that is %s", async (name, bytes, problem) => {
    const file = join(model.folder, name);
    await writeFile(file, bytes);
    const error = await fails(file);
    expect(error).toContain(`error: ${file}: not a complete .safetensors model; ${problem}`);
    expect(error).toContain("Copy or train it again.");
  });

  test.each([4, 100, 2000, -1])("a file that is cut off at byte %i", async (length) => {
    const file = join(model.folder, "cut");
    await writeFile(file, model.bytes.subarray(0, length));
    expect(await fails(file)).toContain(`${file}: not a complete .safetensors model`);
  });

  test.each<[string, Parameters<typeof writeAltered>[2], string]>([
    [
      "another architecture",
      ({ metadata }) => metadata.set("architecture", "cifar-resnet-14"),
      "is missing",
    ],
    [
      "a wider architecture",
      ({ metadata }) => metadata.set("architecture", "cifar-resnet-8-2"),
      "does not fit cifar-resnet-8-2",
    ],
    [
      "an unknown architecture",
      ({ metadata }) => metadata.set("architecture", "inception-3"),
      'network: "inception-3" does not exist. Names have the form cifar-resnet-',
    ],
    ["another seed", ({ metadata }) => metadata.set("seed", "1"), "fingerprint"],
    [
      "a name that would steer the terminal",
      ({ metadata }) => metadata.set("dataset", "\u001b[2J\u009b31m\u202e"),
      '--dataset "\ufffd[2J\ufffd31m\ufffd" does not exist',
    ],
    [
      "few bytes and a network of 9,998 layers",
      ({ metadata, tensors }) => {
        metadata.set("architecture", "cifar-resnet-9998");
        tensors.clear();
      },
      "is missing",
    ],
    [
      "a network of 60,002 layers",
      ({ metadata }) => metadata.set("architecture", "cifar-resnet-60002"),
      '"cifar-resnet-60002" does not exist',
    ],
    [
      "six million classes",
      ({ metadata }) => metadata.set("classes", "6000000"),
      "its classes must be a whole number from 1 to 100000",
    ],
    [
      "images of 9999x9999x3",
      ({ metadata }) => metadata.set("inputShape", "9999x9999x3"),
      "its inputShape must be such as 28x28x1, with at most 4194304 numbers",
    ],
    [
      "images of 1000x1000x3 that are made",
      ({ metadata }) => metadata.set("inputShape", "1000x1000x3"),
      "8 synthetic test images of 1000x1000x3 would take more than 1 GiB",
    ],
    [
      "a test of 10^12 images of no shape",
      ({ metadata }) => {
        metadata.delete("inputShape");
        metadata.set("testSize", "1000000000000");
      },
      "synthetic test images of 32x32x3 would take more than 1 GiB",
    ],
    [
      "a test of 10^12 images",
      ({ metadata }) => metadata.set("testSize", "1000000000000"),
      "would take more than 1 GiB",
    ],
    ["a seed that is none", ({ metadata }) => metadata.set("seed", "x"), "seed"],
    [
      "another initialisation",
      ({ metadata }) => metadata.set("weightInit", "binary"),
      "fingerprint",
    ],
    ["an unknown initialisation", ({ metadata }) => metadata.set("weightInit", "xavier"), "xavier"],
    ["classes that are none", ({ metadata }) => metadata.set("classes", "-3"), 'got "-3"'],
    ["other classes", ({ metadata }) => metadata.set("classes", "7"), "fingerprint"],
    [
      "an unknown data set",
      ({ metadata }) => metadata.set("dataset", "imagenet21k"),
      '"imagenet21k" does not exist',
    ],
    [
      "an unknown normalisation",
      ({ metadata }) => metadata.set("normalization", "x"),
      "the model's normalization",
    ],
    [
      "a test size that is none",
      ({ metadata }) => metadata.set("testSize", "many"),
      "the model's testSize",
    ],
    ["a newer version", ({ metadata }) => metadata.set("version", "3"), "Update bn-only."],
    ["no metadata", ({ metadata }) => metadata.clear(), "so it is not a bn-only model"],
    [
      "a missing tensor",
      ({ tensors }) => tensors.delete("stem/bn/gamma"),
      '"stem/bn/gamma" is missing',
    ],
    ["NaN", ({ tensors }) => tensors.get("stem/bn/gamma")!.values.fill(NaN), "not a finite number"],
    [
      "negative variances",
      ({ tensors }) => tensors.get("stem/bn/variance")!.values.fill(-1),
      "not a finite number from 0",
    ],
  ])("a model with %s", async (_, alter, message) => {
    const file = join(model.folder, "altered");
    await writeAltered(model.bytes, file, alter);
    expect(await fails(file)).toContain(message);
  });
});
