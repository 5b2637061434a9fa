import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeSafetensors, encodeSafetensors } from "@bn-only/trainer";
import { beforeAll, describe, expect, test } from "vitest";
import { machineTag, newTemporaryName } from "@bn-only/files";
import { trainTiny, writeAltered } from "./support/fixtures.ts";
import { parseLines, run } from "./support/io.ts";

let model: Awaited<ReturnType<typeof trainTiny>>;
beforeAll(async () => {
  model = await trainTiny();
});

describe("export", () => {
  test("a run folder: every tensor under torchvision's name, in its layout", async () => {
    const out = join(model.folder, "..", "dense.safetensors");
    const result = await run(["export", model.folder, "--out", out]);
    expect(result).toEqual({
      code: 0,
      out: `${out}: 78,042 parameters of cifar-resnet-8, 319.3 KB\n`,
      err: "",
    });
    const { metadata, tensors } = decodeSafetensors(await readFile(out));
    expect(metadata.get("format")).toBe("pt");
    expect(metadata.get("seed")).toBe("0");
    const shapes = Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape]));
    // 9 convolutions, 9 BatchNorms of four tensors, kernel and bias of the output layer.
    expect(tensors.size).toBe(9 + 4 * 9 + 2);
    expect(shapes).toMatchObject({
      "conv1.weight": [16, 3, 3, 3],
      "bn1.running_mean": [16],
      "layer1.0.conv1.weight": [16, 16, 3, 3],
      "layer2.0.bn1.weight": [32],
      "layer2.0.downsample.0.weight": [32, 16, 1, 1],
      "layer3.0.downsample.1.running_var": [64],
      "fc.weight": [10, 64],
      "fc.bias": [10],
    });
    const again = await run(["export", model.folder, "--out", out]);
    expect(again.code).toBe(2);
    expect(again.err).toContain(`${out} exists already. Choose another --out, or add --overwrite.`);
    const third = await run(["export", model.file, "--out", out, "--overwrite", "--json"]);
    expect(parseLines(third.out)).toEqual([
      { event: "result", out, bytes: (await readFile(out)).length, parameters: 78_042 },
    ]);
  });

  test("what a killed process left of the same file is removed; what another is writing is not", async () => {
    const out = join(model.folder, "..", "again.safetensors");
    const dead = spawnSync(process.execPath, ["--version"]).pid;
    const own = newTemporaryName("again.safetensors");
    const left = own.replace(`-${process.pid}.`, `-${dead}.`);
    const elsewhere = left.replace(machineTag(), "00000000");
    const otherFile = left.replace("again", "others");
    const names = [own, left, elsewhere, otherFile];
    for (const name of names) await writeFile(join(out, "..", name), "half");
    expect((await run(["export", model.folder, "--out", out])).code).toBe(0);
    const there = (await readdir(join(out, ".."))).filter((name) => names.includes(name));
    expect(there.sort()).toEqual([own, elsewhere, otherFile].sort());
  });

  test.each([
    ["the model itself", ["--out", "model.safetensors", "--overwrite"], "is the model itself"],
    ["a folder", ["--out", ".", "--overwrite"], "is a folder. Name a file in it."],
    ["a new folder", ["--out", "new/"], "names a folder. Name a file in it."],
    ["nothing", ["--out", ""], "--out must be a path"],
  ])("--out %s: nothing is written", async (_name, [flag, name, ...rest], message) => {
    const target = name === "" ? "" : join(model.folder, name!);
    const { code, err } = await run(["export", model.file, flag!, target, ...rest]);
    expect([code, err]).toEqual([2, expect.stringContaining(message) as string]);
    expect((await readFile(model.file)).equals(model.bytes)).toBe(true);
  });

  test("a model that was altered, or asks for too much: nothing is written", async () => {
    const out = join(model.folder, "none.safetensors");
    const altered = join(model.folder, "altered.safetensors");
    await writeAltered(model.bytes, altered, ({ metadata }) => metadata.set("classes", "6000000"));
    const { code, err } = await run(["export", altered, "--out", out]);
    expect([code, err]).toEqual([
      1,
      expect.stringContaining("its classes must be a whole number") as string,
    ]);
    expect(existsSync(out)).toBe(false);
  });

  test("a model of version 1: a line says that it cannot be checked", async () => {
    const { metadata, tensors } = decodeSafetensors(model.bytes);
    const fields = new Map([...metadata, ["version", "1"]] as const);
    fields.delete("checksum");
    const old = join(model.folder, "old.safetensors");
    await writeFile(old, encodeSafetensors({ metadata: fields, tensors }));
    const line = `${old}: the model file is of version 1, which has no checksum`;
    const exported = await run(["export", old, "--out", join(model.folder, "old-dense")]);
    expect(exported.out).toContain(line);
    const evaluated = await run(["evaluate", old]);
    expect([evaluated.code, evaluated.out]).toEqual([0, expect.stringContaining(line) as string]);
  });
});
