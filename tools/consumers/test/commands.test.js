import { expect, test } from "vitest";
import { execute } from "../src/commands.js";
import { tableOf } from "../src/table.js";
import { compile } from "../src/tools/typescript.js";

test("a program that does not end is ended with all that it started", async () => {
  // What it starts holds its output open.
  const program = execute("sh", ["-c", "sleep 600 & wait"], { timeout: 500 });
  await expect(program).rejects.toThrow(/no end after 500 ms, SIGKILL/);
});

test("a program that fails, or is not there, rejects with what it said", async () => {
  await expect(execute("sh", ["-c", "echo why; exit 3"])).rejects.toThrow(/exit 3\nwhy/);
  await expect(execute("no-such-program", [])).rejects.toThrow(/ENOENT/);
});

test("a compiler that is not there has found nothing right", async () => {
  const { outcome, compiled } = await compile("/no-such-project");
  expect(compiled).toBeUndefined();
  expect(outcome.error).toMatch(/ENOENT/);
});

test("a fault is one cell of the table", () => {
  const row = { tool: "vite", how: "", where: "process", fault: "a | b\nmore" };
  expect(tableOf([row])).toMatch(/^\| vite \| {2}\| process \| {2}\| {2}\| a \\\| b \|$/m);
});
