import { fileURLToPath } from "node:url";
import { bundleProgram, engines } from "@bn-only/testing/engines";
import { beforeAll, expect, test } from "vitest";
import { report } from "./program.ts";

let program: string;
beforeAll(async () => {
  program = await bundleProgram(fileURLToPath(new URL("program.ts", import.meta.url)));
});

// Order and windows as tools/init-v1/init_v1.py has them, too.
test("the literal bits", () => {
  expect(report()).toBe("order 868e9f15\nwindows 5634551c\nsynthetic d4333540");
});

for (const { name, missing, run } of engines) {
  test.skipIf(missing !== undefined)(
    `${name}: the same order, windows and images${missing === undefined ? "" : `, skipped: ${missing}`}`,
    async () => expect(await run(program)).toBe(report()),
  );
}
