import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Interrupted } from "../src/io.ts";
import { bin, ended, spawnBin, textOf } from "./support/bin.ts";
import { temporaryFolder } from "./support/folder.ts";
import { parseLines, run, tiny } from "./support/io.ts";

const endless = ["train", ...tiny, "--epochs", "1000"];

/** The run folder is whole, and says what became of the run. */
async function statusOf(folder: string): Promise<unknown> {
  parseLines(await readFile(join(folder, "metrics.jsonl"), "utf8"));
  const { status } = JSON.parse(await readFile(join(folder, "run.json"), "utf8")) as {
    status: string;
  };
  return status;
}

describe("Ctrl-C", () => {
  test("in the middle of training: the cursor is back, the run is aborted, exit code 130", async () => {
    const folder = join(await temporaryFolder(), "run");
    const controller = new AbortController();
    const { code, out, err } = await run([...endless, "--out", folder], {
      isTTY: true,
      signal: controller.signal,
      onWrite(text) {
        if (text.includes("epoch 1/1000 2/2")) controller.abort(new Interrupted());
      },
    });
    expect({ code, err }).toEqual({ code: 130, err: "error: interrupted\n" });
    expect(out.lastIndexOf("\u001b[?25h")).toBeGreaterThan(out.lastIndexOf("\u001b[?25l"));
    expect(await statusOf(folder)).toBe("aborted");
  });

  test("the run is marked at once, before the step ends", async () => {
    const folder = join(await temporaryFolder(), "run");
    const controller = new AbortController();
    let status: unknown;
    await run([...endless, "--json", "--out", folder], {
      signal: controller.signal,
      onWrite(text) {
        if (!text.includes('"step":2')) return;
        controller.abort(new Interrupted());
        status ??= statusOf(folder);
      },
    });
    expect(await status).toBe("aborted");
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s ends the process with %i", async (signal, code) => {
    const folder = join(await temporaryFolder(), "run");
    const child = spawnBin([...endless, "--out", folder]);
    const errors = textOf(child.stderr);
    const end = ended(child);
    await onceMatches(child.stdout!, "epoch 1/1000");
    child.stdout!.resume();
    child.kill(signal);
    expect(await end).toBe(code);
    expect(await errors).toBe("error: interrupted\n");
    expect(await statusOf(folder)).toBe("aborted");
  });

  test("a second one ends it at once", async () => {
    const folder = join(await temporaryFolder(), "run");
    const child = spawnBin([...endless, "--out", folder]);
    const end = ended(child);
    await onceMatches(child.stdout!, "epoch 1/1000");
    child.kill("SIGINT");
    child.kill("SIGTERM");
    expect(await end).toSatisfy((code) => code === 130 || code === 143);
    expect(await statusOf(folder)).toBe("aborted");
  });
});

describe("a reader that goes away", () => {
  test("ends the run quietly", async () => {
    const folder = join(await temporaryFolder(), "run");
    const child = spawnBin([...endless, "--json", "--out", folder]);
    const errors = textOf(child.stderr);
    const end = ended(child);
    await onceMatches(child.stdout!, '"step"');
    child.stdout!.destroy();
    expect(await end).toBe(141);
    expect(await errors).toBe("");
    expect(await statusOf(folder)).toBe("aborted");
  });

  test("head takes what it wants", async () => {
    const { spawn } = await import("node:child_process");
    const child = spawn("sh", [
      "-c",
      `"$0" "$1" networks --json | head -c 10`,
      process.execPath,
      bin,
    ]);
    const [out, err, code] = await Promise.all([
      textOf(child.stdout),
      textOf(child.stderr),
      ended(child),
    ]);
    expect({ out, err, code }).toEqual({ out: '[{"name":"', err: "", code: 0 });
  });
});

async function onceMatches(stream: NodeJS.ReadableStream, text: string): Promise<void> {
  for (let seen = ""; !seen.includes(text);) {
    const [chunk] = (await once(stream, "data")) as [Buffer];
    seen += String(chunk);
  }
}
