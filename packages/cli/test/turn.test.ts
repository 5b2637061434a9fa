import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeOutput } from "../src/commands/shared/write-output.ts";
import { turn } from "../src/turn.ts";
import { temporaryFolder } from "./support/folder.ts";

/** Fires at the next turn of the loop, as a signal does that came while something computed. */
function late(): AbortSignal {
  const controller = new AbortController();
  setImmediate(() => controller.abort(new Error("Ctrl-C")));
  return controller.signal;
}

test("turn: a signal that waits for the loop is heard", async () => {
  await expect(turn(late())).rejects.toThrow("Ctrl-C");
  await turn(new AbortController().signal);
});

test("writeOutput: nothing is written after Ctrl-C", async () => {
  const out = join(await temporaryFolder(), "page.html");
  await expect(writeOutput(out, "page", late())).rejects.toThrow("Ctrl-C");
  expect(existsSync(out)).toBe(false);
  await writeOutput(out, "page", new AbortController().signal);
  expect(existsSync(out)).toBe(true);
});
