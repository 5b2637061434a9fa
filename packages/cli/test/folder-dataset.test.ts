import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encode } from "fast-png";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "./support/folder.ts";
import { parseLines, run } from "./support/io.ts";

/** Two classes of 16x16 PNGs, one dark and one bright, in a folder each. */
async function imagesOf(perClass: number): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, level] of [
    ["bright", 200],
    ["dark", 40],
  ] as const) {
    await mkdir(join(folder, name));
    for (let i = 0; i < perClass; i++) {
      const data = Uint8Array.from({ length: 16 * 16 * 3 }, (_, at) => level + ((at * 7 + i) % 40));
      const png = encode({ width: 16, height: 16, data, channels: 3, depth: 8 });
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
