import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { trainTiny, writeAltered } from "./support/fixtures.ts";
import { run } from "./support/io.ts";

let model: Awaited<ReturnType<typeof trainTiny>>;
beforeAll(async () => {
  model = await trainTiny();
});

/** The lines between the dashes, and what follows. */
function parts(card: string): { matter: string[]; body: string } {
  const [first, matter, ...body] = card.split(/^---$/m);
  expect(first).toBe("");
  return { matter: matter!.trim().split("\n"), body: body.join("---") };
}

describe("card", () => {
  test("a run folder: metadata, results, training and use", async () => {
    const { code, out, err } = await run(["card", model.folder, "--license", "mit"]);
    expect([code, err]).toEqual([0, ""]);
    const { matter, body } = parts(out);
    expect(matter).toContain('license: "mit"');
    expect(matter).toContain("pipeline_tag: image-classification");
    expect(matter).toContain('- "cifar-resnet-8"');
    expect(matter.find((line) => line.startsWith("      value: "))).toMatch(/value: 0(\.\d+)?$/);
    expect(body).toContain("# cifar-resnet-8, BatchNorm only");
    // 2 · 336 features.
    expect(body).toContain("Only the 672 parameters of its BatchNorm layers were trained.");
    expect(body).toContain("| epochs | 1 |");
    expect(body).toContain("bn-only train cifar-resnet-8");
    expect(body).toContain("Classes, from 0: ");
    expect(body).toContain("## Limits");
  });

  test("a file alone knows no run, and nobody chooses its licence", async () => {
    const { out } = await run(["card", model.file]);
    expect(out).not.toContain("license");
    expect(out).not.toContain("## Training");
    expect(out).toContain("`bn-only`");
  });

  test("a file's name stands as it is", async () => {
    const file = join(model.folder, "..", "my_model*`1`.safetensors");
    await copyFile(model.file, file);
    const { out } = await run(["card", file]);
    expect(out).toContain("| name | `my_model*'1'.safetensors` |");
  });

  test("--out writes a file, and replaces none", async () => {
    const file = join(model.folder, "..", "README.md");
    expect((await run(["card", model.folder, "--out", file])).out).toBe(`${file}\n`);
    expect(await readFile(file, "utf8")).toMatch(/^---\nlibrary_name: bn-only\n/);
    expect((await run(["card", model.folder, "--out", file])).err).toContain("exists already.");
    expect((await run(["card", model.folder, "--out", model.file])).code).toBe(2);
    expect((await run(["card", model.folder, "--out", "none/card.md"])).err).toBe(
      "error: --out none/card.md is in none, which is no folder. Make that, or choose another --out.\n",
    );
  });

  test("notes cannot become fields, headings, markup or the end of a block of code", async () => {
    const hostile = join(model.folder, "..", "hostile.safetensors");
    await writeAltered(model.bytes, hostile, ({ metadata }) => {
      metadata.set("dataset", 'x"\n---\n# owned\nlicense: "evil\u2028"');
      metadata.set("condition", "<script>alert(1)</script>\n# owned");
      metadata.set("classNames", JSON.stringify(["```\n# owned", "a|b"]));
      metadata.set("testAccuracy", "NaN");
    });
    const { code, out } = await run(["card", hostile]);
    expect(code).toBe(0);
    const { matter, body } = parts(out);
    expect(matter.filter((line) => line.startsWith("license"))).toEqual([]);
    expect(body).not.toMatch(/^# owned/m);
    expect(body).not.toContain("<script>");
    expect(out).not.toContain("NaN");
    expect(out).not.toContain("\u2028");
  });

  test("a data set by the name of a method is a name", async () => {
    const file = join(model.folder, "..", "method.safetensors");
    await writeAltered(model.bytes, file, ({ metadata }) => {
      metadata.set("dataset", "toString");
    });
    const { code, out } = await run(["card", file]);
    expect(code).toBe(0);
    expect(parts(out).matter).toContain('      type: "toString"');
    expect(out).not.toContain("datasets:");
  });

  test("a licence that is none", async () => {
    const { code, err } = await run(["card", model.folder, "--license", "My own: mine"]);
    expect([code, err]).toEqual([
      2,
      'error: --license must be an id in small letters, such as mit, apache-2.0 or cc-by-4.0, got "My own: mine".\n',
    ]);
  });
});
