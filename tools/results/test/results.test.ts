import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { main } from "../../../packages/cli/src/main.ts";
import { sha256 } from "../../../packages/cli/src/reproduce/configuration.ts";
import { BEGIN, betweenMarkers, END } from "../src/between-markers.ts";
import type { IndexEntry } from "../src/index-file.ts";
import { keepRun } from "../src/keep-run.ts";
import { resultFiles } from "../src/write-results.ts";
import { temporaryFolder } from "../../../packages/cli/test/support/folder.ts";
import { fakeIo } from "../../../packages/cli/test/support/io.ts";

const root = resolve(import.meta.dirname, "../../..");

describe("results/ of this repository", () => {
  test(
    "index, README, figures and the table in the root README are current",
    { timeout: 120_000 },
    async () => {
      const files = await resultFiles(root);
      for (const [path, contents] of files) {
        expect(
          readFileSync(join(root, path), "utf8") === contents,
          `${path}: npm run results`,
        ).toBe(true);
      }
      const figures = join(root, "results/figures");
      const drawn = existsSync(figures) ? readdirSync(figures) : [];
      expect(drawn.filter((name) => !files.has(`results/figures/${name}`))).toEqual([]);
    },
  );

  test("every hash is that of its file, and nothing names a folder of a machine", () => {
    const text = readFileSync(join(root, "results/index.json"), "utf8");
    for (const entry of JSON.parse(text) as IndexEntry[]) {
      const folder = join(root, "results", entry.folder);
      const names = readdirSync(folder).sort();
      expect(Object.keys(entry.files)).toEqual(names);
      for (const name of names) {
        const contents = readFileSync(join(folder, name));
        expect(sha256(contents), `${entry.folder}/${name}`).toBe(entry.files[name]);
        expect(contents.length).toBeLessThan(200_000);
        expect(contents.toString("latin1")).not.toMatch(/\/(?:work|home|root|tmp|Users)\//);
      }
      expect([entry.modelSha256, undefined]).toContain(entry.files["model.safetensors"]);
    }
    expect(text).not.toMatch(/\/(?:work|home|root|tmp|Users)\//);
  });
});

describe("npm run results", () => {
  let folder: string;
  const tiny =
    "cifar-resnet-8 --dataset synthetic --train-size 16 --test-size 8 --batch-size 8 --epochs 3 --input-shape 8x8x3 --no-report";

  beforeAll(async () => {
    folder = await temporaryFolder();
    mkdirSync(join(folder, "results"));
    writeFileSync(join(folder, "README.md"), `# x\n\n${BEGIN}\n\nold\n\n${END}\n\nrest\n`);
    for (const condition of ["bn", "all"]) {
      const out = join(folder, condition);
      expect(
        await main(["train", ...tiny.split(" "), "--condition", condition, "--out", out], fakeIo()),
      ).toBe(0);
      await keepRun(out, join(folder, "results"), fakeIo());
    }
  });

  const indexOf = async (): Promise<IndexEntry[]> =>
    JSON.parse((await resultFiles(folder)).get("results/index.json")!) as IndexEntry[];

  test("keeps what figures need, and no weights", async () => {
    const [bn, all] = await indexOf();
    expect(Object.keys(all!.files)).toEqual([
      "metrics.jsonl",
      "relus.json",
      "report.json",
      "run.json",
    ]);
    expect(Object.keys(bn!.files)).toEqual([
      "metrics.jsonl",
      "model.safetensors",
      "relus.json",
      "report.json",
      "run.json",
    ]);
    for (const { condition, modelSha256 } of [all!, bn!]) {
      expect(modelSha256).toBe(sha256(readFileSync(join(folder, condition, "model.safetensors"))));
    }
    const run = readFileSync(join(folder, "results", bn!.folder, "run.json"), "utf8");
    expect(run).not.toContain(folder);
  });

  test("zeros behind ReLUs are those of bn-only analyze, also of a model that is not kept", async () => {
    for (const { condition, folder: name } of await indexOf()) {
      const io = fakeIo();
      expect(await main(["analyze", join(folder, condition), "--json"], io)).toBe(0);
      const { models } = JSON.parse(io.out().trim().split("\n").at(-1)!) as {
        models: { tested: { zeros: object } }[];
      };
      const kept = readFileSync(join(folder, "results", name, "relus.json"), "utf8");
      expect(JSON.parse(kept)).toEqual(models[0]!.tested.zeros);
    }
    const readme = (await resultFiles(folder)).get("results/README.md")!;
    expect(readme).toMatch(/\| zeros after ReLU \| dead channels \|/);
  });

  test("every entry has what tells one run from another", async () => {
    const [bn] = await indexOf();
    expect(bn).toMatchObject({
      network: "cifar-resnet-8",
      condition: "bn",
      dataset: "synthetic",
      epochs: 3,
      trainSize: 16,
      seed: 0,
      backend: "wasm",
    });
    expect(bn!.command).toMatch(
      /^bn-only train cifar-resnet-8 --dataset synthetic --condition bn [^\n]*--backend wasm$/,
    );
    expect(bn!.date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(bn!.folder).toMatch(/^cifar-resnet-8-bn-seed0-[0-9a-f]{12}$/);
  });

  test("the README has a row for each and figures that fit; the root README its table", async () => {
    const files = await resultFiles(folder);
    expect(files.get("results/README.md")).toContain("| `cifar-resnet-8` | BatchNorm only | ");
    expect([...files.keys()].filter((name) => name.endsWith(".svg"))).toEqual([
      "results/figures/1-gamma.svg",
      "results/figures/1-curves.svg",
    ]);
    expect(files.get("README.md")).toMatch(
      /^# x\n\n<!--[^\n]*-->\n\n3 epochs of 16 images of synthetic[^]*<!-- \/results -->\n\nrest\n$/,
    );
  });

  test("a changed file is found: other bytes, another hash", async () => {
    const changed = await temporaryFolder();
    cpSync(folder, changed, { recursive: true });
    const [bn] = await indexOf();
    const metrics = join(changed, "results", bn!.folder, "metrics.jsonl");
    writeFileSync(metrics, readFileSync(metrics, "utf8").replace('"epoch":1', '"epoch":2'));
    const files = await resultFiles(changed);
    expect(files.get("results/index.json")).not.toBe(
      (await resultFiles(folder)).get("results/index.json"),
    );
  });

  test("unfinished runs are refused in one line, and stay out of the index", async () => {
    const running = join(folder, "running");
    mkdirSync(running);
    writeFileSync(join(running, "run.json"), '{"status":"running","network":"x","options":{}}');
    await expect(keepRun(running, join(folder, "results"), fakeIo())).rejects.toThrow(
      /holds a run that was interrupted/,
    );
  });

  test.each([
    [{ dataset: "folder:pictures" }, "folder:pictures"],
    [{ dataDir: "data" }, "data"],
    [{ plugin: ["a-package", "./mine.js"] }, "./mine.js"],
  ])("a run with %j is of this machine, and is refused", async (changes, named) => {
    const own = join(await temporaryFolder(), "run");
    cpSync(join(folder, "bn"), own, { recursive: true });
    const file = join(own, "run.json");
    const run = JSON.parse(readFileSync(file, "utf8")) as { options: object };
    writeFileSync(file, JSON.stringify({ ...run, options: { ...run.options, ...changes } }));
    await expect(keepRun(own, join(folder, "results"), fakeIo())).rejects.toThrow(
      `was trained with ${named}, which nobody else has.`,
    );
  });

  test("markers that are not there are an error", () => {
    expect(() => betweenMarkers("# x", "y")).toThrow("there are no markers");
  });
});
