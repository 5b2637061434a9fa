import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { specOf } from "../../src/reproduce/scales.ts";
import { formatSpec } from "../../src/reproduce/spec-file.ts";
import { temporaryFolder } from "../support/folder.ts";
import { parseLines, run } from "../support/io.ts";

test("auto is resolved once; a result that is another one leaves no line of a result", async () => {
  const folder = await temporaryFolder();
  const tiny = specOf("depth", { scale: "tiny" });
  const small = { inputShape: [8, 8, 3], trainSize: 40, testSize: 20, epochs: 1 } as const;
  const spec = {
    ...tiny,
    protocol: { ...tiny.protocol, ...small, backend: "auto" },
    runs: [{ networks: ["cifar-resnet-8"], conditions: ["bn"] as const }],
    result: "0".repeat(64),
  };
  const file = join(folder, "auto.yaml");
  await writeFile(file, await formatSpec(spec));
  const { code, out, err } = await run(["reproduce", "--spec", file, "--out", folder, "--json"]);
  expect([code, err]).toEqual([1, expect.stringContaining("the result is ") as string]);
  expect(parseLines(out).map(({ event }) => event)).not.toContain("result");
  expect(parseLines(out).at(-1)).toMatchObject({ event: "error" });
  expect(await readFile(join(folder, "depth.spec.yaml"), "utf8")).not.toContain("auto");
});
