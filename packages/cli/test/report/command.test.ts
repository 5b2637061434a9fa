import { appendFile, cp, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { parseLines, run, tiny } from "../support/io.ts";

let parent: string;
const page = (name: string): Promise<string> => readFile(join(parent, name, "report.html"), "utf8");

beforeAll(async () => {
  parent = await temporaryFolder();
  await run(["train", ...tiny, "--out", join(parent, "first")]);
  await run(["train", ...tiny, "--seed", "1", "--no-report", "--out", join(parent, "second")]);
});

describe("bn-only report", () => {
  test("gives the same bytes as the end of training, from the folder alone", async () => {
    const written = await page("first");
    await cp(join(parent, "first"), join(parent, "moved"), { recursive: true });
    await rm(join(parent, "moved", "report.html"));
    const { code, out } = await run(["report", join(parent, "moved")]);
    expect({ code, out }).toEqual({ code: 0, out: `${join(parent, "moved", "report.html")}\n` });
    expect(await page("moved")).toBe(written);
  });

  test("several runs: each gets its page, those trained with --no-report too", async () => {
    const runs = [join(parent, "first"), join(parent, "second")];
    const { code, out } = await run(["report", ...runs, "--json"]);
    expect(code).toBe(0);
    expect(parseLines(out)).toEqual([
      ...runs.map((path) => ({ event: "report", run: path, report: join(path, "report.html") })),
      { event: "comparison", runs, report: join(parent, "comparison.html") },
    ]);
    expect(await page("second")).toContain("stayed as seed 1 drew them");
  });

  test("one page of any runs and of folders of runs, and no other file", async () => {
    const folder = await temporaryFolder();
    for (const name of ["first", "second"])
      await cp(join(parent, name), join(folder, name), { recursive: true });
    await rm(join(folder, "second", "report.html"), { force: true });
    const file = join(folder, "all.html");
    const { code, out } = await run(["report", folder, "--out", file]);
    expect({ code, out }).toEqual({ code: 0, out: `${file}\n` });
    expect((await readdir(join(folder, "second"))).includes("report.html")).toBe(false);
    const html = await readFile(file, "utf8");
    expect(html).toContain("<h1>2 runs compared</h1>");
    expect(html.match(/bn-only train cifar-resnet-8 /g)).toHaveLength(2);
    expect(html.match(/<svg /g)).toHaveLength(1);
    // Nothing is loaded from anywhere.
    expect(html).not.toMatch(/<script|<link|src=|url\(/);
    expect(html).not.toMatch(/NaN|undefined/);
  });

  test("--out is no folder, and replaces nothing but a page", async () => {
    const model = join(parent, "first", "model.safetensors");
    const before = await readFile(model);
    for (const [file, message] of [
      [parent, "is a folder. Name a file in it."],
      [`${join(parent, "new")}/`, "names a folder. Name a file in it."],
      [
        join(parent, "none", "all.html"),
        `is in ${join(parent, "none")}, which is no folder. Make that, or choose another --out.`,
      ],
      [model, "exists and is no page. Choose a name that ends in .html."],
    ] as const) {
      const { code, err } = await run(["report", join(parent, "first"), "--out", file]);
      expect({ code, err }).toEqual({ code: 2, err: `error: --out ${file} ${message}\n` });
    }
    expect(await readFile(model)).toEqual(before);
  });

  test("a page of all runs that cannot be written does not hide what is wrong with a run", async () => {
    const folder = await temporaryFolder();
    for (const name of ["first", "second"])
      await cp(join(parent, name), join(folder, name), { recursive: true });
    await mkdir(join(folder, "comparison.html"));
    const runs = ["first", "second", "none"].map((name) => join(folder, name));
    const { code, err } = await run(["report", ...runs]);
    // No other command line would help against what is in the way of the page.
    expect(code).toBe(1);
    expect(err).toContain(join(folder, "none"));
    expect(err).toContain("comparison.html");
  });

  test("a run that is named twice counts once", async () => {
    const first = join(parent, "first");
    const { out } = await run(["report", first, `${parent}/./first`]);
    expect(out).toBe(`${join(first, "report.html")}\n`);
    const link = join(await temporaryFolder(), "link");
    await symlink(first, link);
    const names = [first, `${first}/`, relative(process.cwd(), first), link];
    expect((await run(["report", ...names])).out).toBe(`${join(first, "report.html")}\n`);
  });

  test("the paper's numbers beside synthetic images come with a word about that", async () => {
    const all = join(parent, "all");
    await run(["train", ...tiny, "--condition", "all", "--no-report", "--out", all]);
    const file = join(parent, "gammas.html");
    await run(["report", join(parent, "first"), all, "--out", file]);
    expect(await readFile(file, "utf8")).toContain("says nothing about photographs");
  });

  test("two protocols that differ in something small have headings that say it", async () => {
    const slower = join(parent, "slower");
    await run(["train", ...tiny, "--learning-rate", "0.05", "--no-report", "--out", slower]);
    const file = join(parent, "rates.html");
    await run(["report", join(parent, "first"), slower, "--out", file]);
    const html = await readFile(file, "utf8");
    const titles = [...html.matchAll(/<h2>([^<]*)<\/h2>/g)].map(([, title]) => title);
    expect(titles.slice(0, 2).map((title) => /, learningRate [\d.]+$/.exec(title!)?.[0])).toEqual([
      ", learningRate 0.1",
      ", learningRate 0.05",
    ]);
  });

  test("runs of two protocols stand under two headings", async () => {
    const other = join(parent, "longer");
    await run(["train", ...tiny, "--epochs", "2", "--no-report", "--out", other]);
    const file = join(parent, "both.html");
    await run(["report", join(parent, "first"), other, "--out", file]);
    const html = await readFile(file, "utf8");
    expect(html.match(/<h2>synthetic images, \d epochs? of 16 images<\/h2>/g)).toHaveLength(2);
    expect(html).toContain("numbers under one heading can be compared");
  });

  test("half a line of metrics is dropped", async () => {
    const written = await page("first");
    await appendFile(join(parent, "first", "metrics.jsonl"), '{"event":"epoch","epo');
    expect((await run(["report", join(parent, "first")])).code).toBe(0);
    expect(await page("first")).toBe(written);
  });

  test("a folder that is no run does not keep another from its page", async () => {
    const [empty, whole] = [await temporaryFolder(), join(parent, "second")];
    await rm(join(whole, "report.html"), { force: true });
    const { code, out, err } = await run(["report", empty, join(parent, "none"), whole]);
    expect({ code, out }).toEqual({ code: 2, out: `${join(whole, "report.html")}\n` });
    expect(err).toBe(
      `error: ${empty} has no run.json, so it is not the folder of a whole run. Name a folder that bn-only train made; ` +
        `there is no folder ${join(parent, "none")}. Name a run folder.\n`,
    );
  });

  test.each([
    ["run.json", { result: { testLoss: "0" } }, "run.json"],
    ["run.json", { result: { modelBytes: null } }, "at result.modelBytes"],
    ["run.json", { versions: 3 }, "at versions"],
    ["run.json", { options: { plugin: [{}] } }, "at options.plugin.0"],
    ["run.json", { options: { schedule: "toString" } }, "at options.schedule"],
    ["report.json", { classes: [{ toString: 1 }] }, "at classes.0"],
    ["report.json", { shown: [{ png: "x", label: -1, prediction: 0 }] }, "at shown.0.label"],
    ["report.json", { network: undefined }, "at network"],
    ["report.json", { gammaBefore: [1e308] }, "report.json is not that of a run"],
  ])("%s with %j is one line that names the place", async (name, changes, place) => {
    const path = join(await temporaryFolder(), "run");
    await cp(join(parent, "first"), path, { recursive: true });
    const contents = JSON.parse(await readFile(join(path, name), "utf8")) as Record<string, object>;
    for (const [key, value] of Object.entries(changes)) {
      const old = contents[key];
      const both = !Array.isArray(value) && typeof value === "object" && typeof old === "object";
      contents[key] = both ? { ...old, ...value } : value;
    }
    await writeFile(join(path, name), JSON.stringify(contents));
    const { code, err } = await run(["report", path]);
    expect(code).toBe(2);
    expect(err).toMatch(/^error: [^\n]*Train it again[^\n]*\n$/);
    expect(err).toContain(name);
    expect(err).toContain(place);
  });

  test("what a file holds does not command the terminal", async () => {
    const path = await temporaryFolder();
    const contents = { status: "\u001b[2Jrunning", network: "x", options: {} };
    await writeFile(join(path, "run.json"), JSON.stringify(contents));
    const { err } = await run(["report", path]);
    expect(err).toContain("\ufffd[2Jrunning");
    expect(err).not.toContain("\u001b");
  });

  test.each([
    ["run.json", "{", "run.json is not JSON, so it is damaged"],
    ["run.json", '{"status":3}', "run.json is not that of a run"],
    ["run.json", '{"status":"aborted","network":"x","options":{}}', "has not finished (aborted)"],
    [
      "run.json",
      '{"status":"finished","network":"x","options":{},"result":null}',
      "has a testAccuracy that is no finite number",
    ],
    ["report.json", "{}", "report.json is not that of a run"],
    ["metrics.jsonl", "\n{}\n", "metrics.jsonl holds no epoch"],
  ])("%s that holds %s is one line", async (name, contents, message) => {
    const path = join(await temporaryFolder(), "run");
    await cp(join(parent, "second"), path, { recursive: true });
    await writeFile(join(path, name), contents);
    const { code, err } = await run(["report", path]);
    expect(code).toBe(2);
    expect(err).toMatch(/^error: [^\n]+\n$/);
    expect(err).toContain(message);
  });
});

test("multiply-accumulates in the report are those of the network at its own shape", async () => {
  const path = join(parent, "small");
  await run(["train", ...tiny, "--input-shape", "16x16x3", "--classes", "4", "--out", path]);
  // A quarter of the pixels of 32x32, and a head of 64 x 4.
  expect(await readFile(join(path, "report.html"), "utf8")).toContain("3.1 million multiply-acc");
});
