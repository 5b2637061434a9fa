import { createHash } from "node:crypto";
import { cp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FigureSpec } from "../../src/reproduce/figure-spec.ts";
import { readStoredRun } from "../../src/reproduce/run-store.ts";
import { specOf } from "../../src/reproduce/scales.ts";
import { formatSpec } from "../../src/reproduce/spec-file.ts";
import { bin, ended, spawnBin } from "../support/bin.ts";
import { temporaryFolder } from "../support/folder.ts";
import { parseLines, run } from "../support/io.ts";

const tiny = specOf("depth", { scale: "tiny" });
/** Two networks, two conditions, a second each. */
const spec: FigureSpec = {
  ...tiny,
  protocol: { ...tiny.protocol, inputShape: [8, 8, 3], trainSize: 40, testSize: 20, epochs: 2 },
  runs: [{ networks: ["cifar-resnet-8", "cifar-resnet-14"], conditions: ["bn", "none"] }],
};

let parent: string;
let out: string;
let first: Awaited<ReturnType<typeof run>>;
const file = (...names: string[]): string => join(parent, ...names);
const specFile = async (name: string, contents: FigureSpec): Promise<string> => {
  await writeFile(file(name), await formatSpec(contents));
  return file(name);
};
const hashOfFile = async (path: string): Promise<string> =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex");

beforeAll(async () => {
  parent = await temporaryFolder();
  out = file("out");
  first = await run([
    "reproduce",
    "--spec",
    await specFile("depth.yaml", spec),
    "--out",
    out,
    "--jobs",
    "2",
  ]);
});

afterAll(() => rm(parent, { recursive: true, force: true }));

describe("bn-only reproduce", () => {
  test("leaves the figure, its data, the list of runs, the spec, and a folder for each run", async () => {
    expect(first).toMatchObject({ code: 0, err: "" });
    expect((await readdir(out)).sort()).toEqual([
      "depth.json",
      "depth.runs.json",
      "depth.spec.yaml",
      "depth.svg",
      "runs",
    ]);
    const runs = JSON.parse(await readFile(join(out, "depth.runs.json"), "utf8")) as Record<
      string,
      string
    >[];
    expect(runs.map(({ network, condition }) => `${network} ${condition}`)).toEqual([
      "cifar-resnet-8 bn",
      "cifar-resnet-8 none",
      "cifar-resnet-14 bn",
      "cifar-resnet-14 none",
    ]);
    for (const { hash, folder, modelSha256, command } of runs) {
      expect(folder).toContain(`-${hash!.slice(0, 12)}`);
      expect(readStoredRun(folder!).hash).toBe(hash);
      expect(await hashOfFile(join(folder!, "model.safetensors"))).toBe(modelSha256);
      expect(command).toMatch(
        /^bn-only train cifar-resnet-\d+ --dataset synthetic .*--backend wasm$/,
      );
    }
    const svg = await readFile(join(out, "depth.svg"), "utf8");
    expect(svg.match(/aria-roledescription="symbol mark container"/g)).not.toBeNull();
    expect(svg).not.toMatch(/NaN|undefined/);
  });

  test("runs nothing twice, and gives the same hash again; its own spec agrees", async () => {
    const before = await hashOfFile(join(out, "depth.json"));
    const again = await run([
      "reproduce",
      "--spec",
      join(out, "depth.spec.yaml"),
      "--out",
      out,
      "--json",
    ]);
    expect(again.code).toBe(0);
    const result = parseLines(again.out).at(-1)!;
    expect(first.out).toContain(String(result["result"]));
    expect(await hashOfFile(join(out, "depth.json"))).toBe(before);
  });

  test("takes runs from other folders, and says that another result is another one", async () => {
    const other = await specFile("other.yaml", { ...spec, result: "0".repeat(64) });
    const {
      code,
      out: text,
      err,
    } = await run([
      "reproduce",
      "--spec",
      other,
      "--out",
      file("empty"),
      "--runs",
      join(out, "runs"),
    ]);
    expect(text).toContain("depth: 4 runs, 4 of them done");
    expect(code).toBe(1);
    expect(err).toMatch(/^error: the result is [0-9a-f]{64}, not 0{64} as in [^\n]+\n$/);
    expect(await readdir(file("empty"))).not.toContain("runs");
  });

  test("takes run folders that are named themselves", async () => {
    const names = await readdir(join(out, "runs"));
    const named = names.flatMap((name) => ["--runs", join(out, "runs", name)]);
    const again = await specFile("again.yaml", spec);
    const { code, out: text } = await run(
      ["reproduce", "--spec", again, "--out", file("named")].concat(named),
    );
    expect(text).toContain("depth: 4 runs, 4 of them done");
    expect(code).toBe(0);
  });

  test("a figure of another name shares the runs", async () => {
    const width = await specFile("width.yaml", { ...spec, figure: "curves" });
    const { code, out: text } = await run(["reproduce", "--spec", width, "--out", out]);
    expect(code).toBe(0);
    expect(text).toContain("curves: 4 runs, 4 of them done");
  });
});

describe("half-written run folders", () => {
  const copy = async (name: string): Promise<{ folder: string; runs: string[] }> => {
    await cp(out, file(name), { recursive: true });
    const runs = (await readdir(file(name, "runs"))).map((entry) => file(name, "runs", entry));
    return { folder: file(name), runs };
  };

  test("one that is empty, or has nothing but a lock or metrics, is trained", async () => {
    const { folder, runs } = await copy("emptied");
    for (const name of await readdir(runs[0]!)) await rm(join(runs[0]!, name));
    const { code, out: text } = await run([
      "reproduce",
      "--spec",
      file("depth.yaml"),
      "--out",
      folder,
    ]);
    expect(text).toContain("4 runs, 3 of them done");
    expect({ code, files: (await readdir(runs[0]!)).includes("model.safetensors") }).toEqual({
      code: 0,
      files: true,
    });
    expect(await readFile(join(folder, "depth.json"), "utf8")).toBe(
      await readFile(join(out, "depth.json"), "utf8"),
    );
  });

  test.each([
    ["model.safetensors", "has no model.safetensors"],
    ["report.json", "has no report.json"],
    ["metrics.jsonl", "has no metrics.jsonl"],
  ])("one that lacks %s is one line, and nothing of the others is lost", async (name, message) => {
    const { folder, runs } = await copy(`without-${name}`);
    await rm(join(runs[0]!, name));
    const { code, err } = await run(["reproduce", "--spec", file("depth.yaml"), "--out", folder]);
    expect(err).toMatch(/^error: [^\n]+\n$/);
    expect(err).toContain(message);
    expect(err).toContain(runs[0]!);
    expect(code).toBe(2);
    expect(await readdir(join(folder, "runs"))).toHaveLength(4);
  });

  test("the model or the result of another network is one line that names both", async () => {
    const { folder, runs } = await copy("mixed");
    const thresholds = await specFile("thresholds.yaml", { ...spec, figure: "thresholds" });
    const [fourteen, eight] = ["14-bn", "8-bn"].map((name) =>
      runs.find((path) => path.includes(name))!,
    );
    await cp(join(fourteen!, "model.safetensors"), join(eight!, "model.safetensors"));
    const model = await run(["reproduce", "--spec", thresholds, "--out", folder]);
    expect(model.err).toMatch(
      /^error: [^\n]*model\.safetensors is of cifar-resnet-14, seed 0, and its run of cifar-resnet-8, seed 0\. [^\n]+\n$/,
    );
    const record = JSON.parse(await readFile(join(eight!, "run.json"), "utf8")) as {
      result: object;
    };
    const result = { ...record.result, network: "cifar-resnet-14" };
    await writeFile(join(eight!, "run.json"), JSON.stringify({ ...record, result }));
    const mixed = await run(["reproduce", "--spec", thresholds, "--out", folder]);
    expect(mixed.err).toMatch(
      /^error: [^\n]*run\.json is of cifar-resnet-8[^\n]*files of two runs[^\n]+\n$/,
    );
  });

  test("half a report.json is one line that names it", async () => {
    const { folder, runs } = await copy("half");
    await truncate(join(runs[0]!, "report.json"), 100);
    const { err } = await run(["reproduce", "--spec", file("depth.yaml"), "--out", folder]);
    expect(err).toMatch(/^error: [^\n]*report\.json is not JSON[^\n]+\n$/);
  });
});

test(
  "killed, it goes on with the same command, to the same result",
  { timeout: 120_000 },
  async () => {
    const longer = await specFile("longer.yaml", {
      ...spec,
      protocol: { ...spec.protocol, epochs: 12 },
    });
    const args = ["reproduce", "--spec", longer, "--out", file("killed"), "--json"];
    const child = spawnBin(args);
    const folders = async (): Promise<string[]> => readdir(file("killed", "runs")).catch(() => []);
    while ((await folders()).length < 2) await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill("SIGKILL");
    expect(await ended(child)).toBe("SIGKILL");
    // The run that it had begun ends by itself, as nobody reads it any more.
    const { code, out: text, err } = await run([...args, "--jobs", "2"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const undisturbed = await run([
      "reproduce",
      "--spec",
      longer,
      "--out",
      file("undisturbed"),
      "--json",
    ]);
    expect(parseLines(text).at(-1)!["result"]).toBe(parseLines(undisturbed.out).at(-1)!["result"]);
  },
);

describe("wrong usage", () => {
  test.each([
    [["reproduce"], "which figure? Name one, or give --spec."],
    [["reproduce", "dept"], 'the figure "dept" does not exist; did you mean "depth"?'],
    [["reproduce", "depth", "--scale", "smal"], 'did you mean "small"?'],
    [["reproduce", "depth", "--backend", "wsm"], 'did you mean "wasm"?'],
    [
      ["reproduce", "imagenet", "--scale", "small"],
      "needs ImageNet: --images <folder> with train/ and val/",
    ],
    [["reproduce", "imagenet", "--images", "/nowhere"], "/nowhere"],
    [["reproduce", "depth", "--runs", "/nowhere"], "there is no folder /nowhere. Check --runs."],
    [["reproduce", "depth", "--images", "x"], "--images is of imagenet, depth has its own."],
    [["reproduce", "--spec", "x.yaml", "--seeds", "2"], "--seeds is what --spec says."],
    [["reproduce", "depth", "--out", bin], "a file is in the way"],
  ])("%j is one line", async (args, message) => {
    const { code, err } = await run([
      ...args,
      ...(args.includes("--out") ? [] : ["--out", file("wrong")]),
    ]);
    expect(err).toContain(message);
    expect(err).toMatch(/error: [^\n]+\n$/);
    expect(code).toBeGreaterThan(0);
  });
});
