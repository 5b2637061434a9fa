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

const args = { matrix: 8, transposed: 16, rows: 2, columns: 3 };

test("arguments: laid out as in the table, whatever the order of the record", () => {
  const { columns, ...others } = args;
  expect(layOut("transposeMatrix", { columns, ...others })).toEqual([8, 16, 2, 3]);
});

test("arguments: missing, superfluous and unknown names do not compile", () => {
  expect(job("transposeMatrix", 1, args).args).toEqual(args);
  const { matrix, ...missing } = args;
  // @ts-expect-error matrix is missing
  expect(job("transposeMatrix", 1, missing)).toBeDefined();
  const superfluous = { ...args, matrix, stride: 1 };
  // @ts-expect-error there is no stride
  expect(job("transposeMatrix", 1, superfluous)).toBeDefined();
  // @ts-expect-error there is no such kernel
  expect(job("transposeTensor", 1, args)).toBeDefined();
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
    "export const enum TransposeMatrix {\n  matrix,\n  transposed,\n  rows,\n  columns,\n}",
  );
});

test("arguments: a kernel without a line and a line without a kernel end the build", async () => {
  await expect(argumentTables(await changed("transposeMatrix:", "transpose:"))).rejects.toThrow(
    "kernels of assembly/ without a line: transposeMatrix; lines without a kernel: transpose.",
  );
  await expect(
    argumentTables(await changed("matrix transposed rows", "rows transposed rows")),
  ).rejects.toThrow('transposeMatrix has "rows" twice');
  await expect(
    argumentTables(await changed("prologueKind prologueOffset", "prologueKind other")),
  ).rejects.toThrow('must have "prologueOffset,prologueCoefficients" after prologueKind');
});
