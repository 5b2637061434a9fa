import { rmSync } from "node:fs";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encode } from "fast-png";
import { describe, expect, test } from "vitest";
import { specOf } from "../src/reproduce/scales.ts";
import { formatSpec } from "../src/reproduce/spec-file.ts";
import { temporaryFolder } from "./support/folder.ts";
import { parseLines, run } from "./support/io.ts";

/** Two classes of PNGs, one dark and one bright, in a folder each. */
async function imagesOf(perClass: number, [height, width] = [16, 16]): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, level] of [
    ["bright", 200],
    ["dark", 40],
  ] as const) {
    await mkdir(join(folder, name));
    for (let i = 0; i < perClass; i++) {
      const data = Uint8Array.from(
        { length: height! * width! * 3 },
        (_, at) => level + ((at * 7 + i) % 40),
      );
      const png = encode({ width: width!, height: height!, data, channels: 3, depth: 8 });
      await writeFile(join(folder, name, `${i}.png`), png);
    }
  }
  return folder;
}

describe("--dataset folder:<path>", () => {
  test("trains on PNGs from disk, reports them, and evaluates to the same accuracy", async () => {
    const images = await imagesOf(20);
    const out = join(await temporaryFolder(), "run");
    const data = ["--dataset", `folder:${images}`, "--input-shape", "16x16x3", "--backend", "wasm"];
    const options = ["--epochs", "2", "--batch-size", "8", "--json", "--out", out];
    const trained = await run(["train", "cifar-resnet-8", ...data, ...options]);
    expect(trained.err).toBe("");
    const result = parseLines(trained.out).at(-1)!;
    expect(result["testAccuracy"]).toBe(1);
    const again = await run(["evaluate", join(out, "model.safetensors"), "--json"]);
    expect(parseLines(again.out).at(-1)!["testAccuracy"]).toBe(1);
    expect((await run(["report", out])).code).toBe(0);
  });

  test("a test image that goes while the run trains: the run finishes, and the report says why it shows none", async () => {
    const images = await imagesOf(20);
    const out = join(await temporaryFolder(), "run");
    const data = ["--dataset", `folder:${images}`, "--input-shape", "16x16x3", "--backend", "wasm"];
    const options = ["--epochs", "1", "--batch-size", "8", "--json", "--out", out];
    const { code, err } = await run(["train", "cifar-resnet-8", ...data, ...options], {
      onWrite: (text) => {
        // The end of the last epoch: what is left to read are the images of the report.
        if (text.includes('"event":"epoch"')) rmSync(images, { recursive: true, force: true });
      },
    });
    expect([code, err]).toEqual([0, ""]);
    const record = JSON.parse(await readFile(join(out, "report.json"), "utf8")) as object;
    expect(record).toMatchObject({
      shown: [],
      notShown: expect.stringContaining(images) as string,
    });
    const page = await readFile(join(out, "report.html"), "utf8");
    expect(page).toContain("The first test images could not be tested once more: ");
    expect(page).toContain(images);
  });

  test("fewer images than the model was tested on: its note is named, not an option", async () => {
    const [many, few] = [await imagesOf(20), await imagesOf(5)];
    const out = join(await temporaryFolder(), "run");
    const shape = ["--input-shape", "16x16x3", "--backend", "cpu"];
    const once = ["--epochs", "1", "--batch-size", "8", "--no-report", "--out", out];
    await run(["train", "cifar-resnet-8", "--dataset", `folder:${many}`, ...shape, ...once]);
    await rm(many, { recursive: true });
    await cp(few, many, { recursive: true });
    const { code, err } = await run(["evaluate", join(out, "model.safetensors")]);
    expect(code).toBe(2);
    expect(err).toMatch(
      /^error: .*model\.safetensors was tested on \d+ images, more than the \d+ images of [^\n]+ Test it on fewer with --test-size\.\n$/,
    );
  });

  test("as ImageNet: images of any size, cut at random, milestones; evaluated in the same way", async () => {
    const images = await imagesOf(20, [24, 31]);
    const out = join(await temporaryFolder(), "run");
    const data = ["--dataset", `folder:${images}`, "--input-shape", "16x16x3", "--backend", "wasm"];
    const recipe = [
      "--augmentation",
      "imagenet",
      "--milestones",
      "0.25,0.5",
      "--epochs",
      "2",
      "--batch-size",
      "8",
    ];
    const trained = await run([
      "train",
      "cifar-resnet-8",
      ...data,
      ...recipe,
      "--json",
      "--out",
      out,
    ]);
    expect(trained.err).toBe("");
    const steps = parseLines(trained.out).filter(({ event }) => event === "step");
    expect(steps.map(({ learningRate }) => Number(Number(learningRate).toFixed(6)))).toEqual([
      0.1, 0.1, 0.01, 0.01, 0.001, 0.001, 0.001, 0.001,
    ]);
    const { testLoss } = parseLines(trained.out).at(-1)!;
    const again = await run(["evaluate", join(out, "model.safetensors"), "--json"]);
    expect(parseLines(again.out).at(-1)!["testLoss"]).toBeCloseTo(Number(testLoss), 5);
    const page = await readFile(join(out, "report.html"), "utf8");
    expect(page).toContain("--milestones 0.25,0.5");
    expect(page).toContain("flipped, and cut at random sizes");
  });

  test("bn-only reproduce imagenet: a folder without a class's images, or with a broken file, is one line", async () => {
    const images = await imagesOf(4);
    const out = join(await temporaryFolder(), "figure");
    const spec = join(images, "..", "spec.yaml");
    const tiny = specOf("imagenet", { scale: "small", images });
    const protocol = {
      ...tiny.protocol,
      inputShape: [16, 16, 3] as const,
      epochs: 1,
      batchSize: 4,
      trainSize: 6,
    };
    const runs = [{ networks: ["imagenet-resnet-18"], conditions: ["none" as const] }];
    await writeFile(spec, await formatSpec({ ...tiny, protocol, runs }));
    await mkdir(join(images, "empty"));
    const empty = await run(["reproduce", "--spec", spec, "--out", out]);
    expect(empty).toMatchObject({ code: 1, out: "" });
    expect(empty.err).toMatch(/^error: [^\n]*empty[^\n]*found none\.\n$/);
    await rm(join(images, "empty"), { recursive: true });
    await writeFile(join(images, "dark", "0.png"), "no image");
    const broken = await run(["reproduce", "--spec", spec, "--out", out]);
    expect(broken.code).toBe(1);
    expect(broken.err).toMatch(/error: [^\n]*0\.png[^\n]*\n$/);
  });

  test("bn-only reproduce: runs of one folder are not taken for those of another with the same name", async () => {
    const parent = await temporaryFolder();
    const [here, there] = [join(parent, "here", "birds"), join(parent, "there", "birds")];
    for (const folder of [here, there]) await cp(await imagesOf(4), folder, { recursive: true });
    const reproduce = async (images: string): Promise<Awaited<ReturnType<typeof run>>> => {
      const small = specOf("imagenet", { scale: "small", images });
      const shape = { inputShape: [16, 16, 3] as const, epochs: 1, batchSize: 4, trainSize: 6 };
      const runs = [{ networks: ["cifar-resnet-8"], conditions: ["none" as const] }];
      const protocol = { ...small.protocol, ...shape };
      const spec = join(parent, "spec.yaml");
      await writeFile(spec, await formatSpec({ ...small, protocol, runs }));
      return run(["reproduce", "--spec", spec, "--out", join(parent, "figure")]);
    };
    expect((await reproduce(here)).code).toBe(0);
    const refused = await reproduce(there);
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(
      /^error: [^\n]+ was trained on folder:[^\n]+ another folder of that name[^\n]+\n$/,
    );
    expect(refused.err).toContain(here);
    expect(refused.err).toContain(there);
    // A folder that is not here, as those of other machines, may hold the same images.
    await rm(here, { recursive: true });
    expect((await reproduce(there)).out).toContain("1 run, 1 of them done");
  });

  test("an empty class and no path: one line each", async () => {
    const images = await imagesOf(3);
    await mkdir(join(images, "empty"));
    const empty = await run(["train", "cifar-resnet-8", "--dataset", `folder:${images}`]);
    expect(empty.code).not.toBe(0);
    expect(empty.err).toMatch(/^error: .*empty.*\n$/);
    const none = await run(["train", "cifar-resnet-8", "--dataset", "folder:"]);
    expect(none.code).toBe(2);
    expect(none.err).toContain("--dataset folder:<path> needs a path");
  });
});
