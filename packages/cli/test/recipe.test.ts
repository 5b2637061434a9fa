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

  test("Nesterov without momentum is refused before anything starts", async () => {
    const { code, err } = await run([...train, "--nesterov", "--momentum", "0"]);
    expect(code).toBe(2);
    expect(err).toContain("nesterov needs a momentum above 0");
  });
});
