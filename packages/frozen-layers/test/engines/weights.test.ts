import { fileURLToPath } from "node:url";
import { bundleProgram, engines } from "@bn-only/testing/engines";
import { beforeAll, expect, test } from "vitest";
import { report } from "./program.ts";

// The vectors say that these bits are right, this that every engine has them.

let program: string;
beforeAll(async () => {
  program = await bundleProgram(fileURLToPath(new URL("program.ts", import.meta.url)));
});

test("the report is of all initialisers", () => {
  expect(
    report()
      .split("\n")
      .map((line) => line.replace(/ [0-9a-f]{64}$/, "")),
  ).toEqual([
    "words",
    "uniform",
    "normal",
    ...["kaimingNormal", "kaimingUniform", "orthogonal", "binary"].flatMap((name) => [
      name,
      `${name}, wide`,
    ]),
    ...["uniform", "fixed", "oneOne", "positiveNegative"].flatMap((name) => [
      `gamma, ${name}`,
      `beta, ${name}`,
    ]),
    "bias",
  ]);
});

for (const { name, missing, run } of engines) {
  test.skipIf(missing !== undefined)(
    `${name}: the same bits${missing === undefined ? "" : `, skipped: ${missing}`}`,
    async () => expect(await run(program)).toBe(report()),
  );
}
