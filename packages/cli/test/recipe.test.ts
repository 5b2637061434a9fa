import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "./support/folder.ts";
import { interrupted, train } from "./support/interrupted.ts";
import { parseLines, run } from "./support/io.ts";

describe("optimisers and schedules", () => {
  test.each([
    [
      "adamw, cosine, warmup",
      [
        "--optimizer",
        "adamw",
        "--schedule",
        "cosine",
        "--warmup",
        "0.25",
        "--learning-rate",
        "0.01",
      ],
    ],
    ["Nesterov, constant", ["--nesterov", "--schedule", "constant"]],
    ["random-3", ["--condition", "random-3"]],
    ["groups and a path", ["--condition", "stage3/**/bn2/*+gamma"]],
    ["all-but-bn", ["--condition", "all-but-bn", "--batch-norm-init", "fixed"]],
  ])("%s", async (_name, more) => {
    const folder = join(await temporaryFolder(), "run");
    await interrupted(folder, 3, ["--epochs", "1", ...more]);
    const { code, out } = await run(["resume", folder, "--json"]);
    expect(code).toBe(0);
    const result = parseLines(out).at(-1)!;
    expect(result["event"]).toBe("result");
    const { out: again } = await run(["evaluate", join(folder, "model.safetensors"), "--json"]);
    expect(parseLines(again).at(-1)!["testAccuracy"]).toBe(result["testAccuracy"]);
    expect(parseLines(again).at(-1)!["trainableParameters"]).toBe(result["trainableParameters"]);
  });

  test("a condition that selects nothing of the network is refused before a folder is made", async () => {
    const out = join(await temporaryFolder(), "run");
    const { code, err } = await run([...train, "--condition", "stage4/**", "--out", out]);
    expect(code).toBe(2);
    expect(err).toContain(
      'error: train: the condition "stage4/**" names "stage4/**", which matches no parameter of this network.',
    );
    expect(existsSync(out)).toBe(false);
  });

  test("Nesterov without momentum is refused before anything starts", async () => {
    const { code, err } = await run([...train, "--nesterov", "--momentum", "0"]);
    expect(code).toBe(2);
    expect(err).toContain("nesterov needs a momentum above 0");
  });
});
