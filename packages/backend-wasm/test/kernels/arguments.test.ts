import { cp, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { argumentTables } from "../../scripts/argument-tables.js";
import { layOut } from "../../src/kernels/arguments.ts";
import { job } from "../../src/kernels/plan.ts";

// One table of arguments for both languages: the compiler checks the host's half, the build of the
// kernels the other.

const args = { to: 8, size: 16, chunkSize: 2, value: 3 };

test("arguments: laid out as in the table, whatever the order of the record", () => {
  const { value, ...others } = args;
  expect(layOut("fillNumbers", { value, ...others })).toEqual([8, 16, 2, 3]);
});

test("arguments: missing, superfluous and unknown names do not compile", () => {
  expect(job("fillNumbers", 1, args).args).toEqual(args);
  const { to, ...missing } = args;
  // @ts-expect-error to is missing
  expect(job("fillNumbers", 1, missing)).toBeDefined();
  const superfluous = { ...args, to, stride: 1 };
  // @ts-expect-error there is no stride
  expect(job("fillNumbers", 1, superfluous)).toBeDefined();
  // @ts-expect-error there is no such kernel
  expect(job("fillTensor", 1, args)).toBeDefined();
});

const root = fileURLToPath(new URL("../../", import.meta.url));

/** A copy of the sources with one replacement in the table. */
async function changed(from: string, to: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "arguments-"));
  await cp(`${root}assembly`, `${folder}/assembly`, { recursive: true });
  const text = await readFile(`${root}src/kernels/arguments.ts`, "utf8");
  await cp(`${root}src/kernels`, `${folder}/src/kernels`, { recursive: true });
  await writeFile(`${folder}/src/kernels/arguments.ts`, text.replace(from, to));
  return `${folder}/`;
}

test("arguments: positions in AssemblyScript are made from the table", async () => {
  expect(await argumentTables(root)).toContain(
    "export const enum FillNumbers {\n  to,\n  size,\n  chunkSize,\n  value,\n}",
  );
});

test("arguments: a kernel without a line and a line without a kernel end the build", async () => {
  await expect(argumentTables(await changed("fillNumbers:", "fill:"))).rejects.toThrow(
    "kernels of assembly/ without a line: fillNumbers; lines without a kernel: fill.",
  );
  await expect(
    argumentTables(await changed("to size chunkSize value", "to size chunkSize to")),
  ).rejects.toThrow('fillNumbers has "to" twice');
  await expect(
    argumentTables(await changed("prologueKind prologueOffset", "prologueKind other")),
  ).rejects.toThrow('must have "prologueOffset,prologueCoefficients" after prologueKind');
});
