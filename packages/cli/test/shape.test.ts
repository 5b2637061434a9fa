import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "./support/folder.ts";
import { parseLines, run, tiny } from "./support/io.ts";

const short = "--train-size 2 --test-size 1 --batch-size 2 --epochs 1 --no-report".split(" ");

describe("--dataset synthetic", () => {
  test("follows the network: 224x224 and 1000 classes for an ImageNet ResNet", async () => {
    const out = join(await temporaryFolder(), "run");
    const args = ["train", "imagenet-resnet-18", "--dataset", "synthetic"];
    const { code, out: text } = await run([...args, ...short, "--out", out]);
    expect(code).toBe(0);
    expect(text).toContain("imagenet-resnet-18 for 224x224x3 and 1000 classes");
  });

  test("--input-shape and --classes say otherwise, and evaluate follows", async () => {
    const out = join(await temporaryFolder(), "run");
    const shape = ["--input-shape", "24x16x3", "--classes", "4"];
    const { out: text } = await run(["train", ...tiny, ...shape, "--out", out, "--json"]);
    const trained = parseLines(text).at(-1)!;
    // 10 classes have 650 parameters in the head, 4 have 260.
    expect(trained["totalParameters"]).toBe(78_042 - 390);
    const again = await run(["evaluate", join(out, "model.safetensors"), "--json"]);
    expect(parseLines(again.out).at(-1)).toMatchObject({
      testAccuracy: trained["testAccuracy"],
      testLoss: trained["testLoss"],
    });
    const { options } = JSON.parse(await readFile(join(out, "run.json"), "utf8")) as {
      options: unknown;
    };
    expect(options).toMatchObject({ inputShape: [24, 16, 3], classes: 4 });
  });
});

test.each([
  ["--input-shape 64x64", "--input-shape must be height x width x channels, such as 64x64x3"],
  ["--input-shape 64x64x2", "with 1 or 3 channels"],
  ["--classes 0", "--classes must be a whole number from 1"],
])("%s is refused", async (option, message) => {
  const { code, err } = await run(["train", ...tiny, ...option.split(" ")]);
  expect(code).toBe(2);
  expect(err).toContain(message);
});
