import { join } from "node:path";
import { backend } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { parseLines, run, tiny } from "../support/io.ts";

/** 4 steps of a network whose shaders SwiftShader compiles at once. */
const network = ["mlp-2-8", ...tiny.slice(1), "--train-size", "32"];
const steps = [...network, "--no-report", "--backend", "webgpu"];

test("a GPU that is lost in the middle: the last checkpoint is named, and the run goes on from it", async () => {
  const out = join(await temporaryFolder(), "run");
  const onWrite = (text: string): void => {
    if (!text.includes('"step":2,')) return;
    (backend() as unknown as { device: GPUDevice }).device.destroy();
  };
  const args = ["train", ...steps, "--checkpoint-every", "1steps", "--out", out, "--json"];
  const { code, err } = await run(args, { onWrite });
  expect(code).toBe(1);
  expect(err).toMatch(
    /^error: The GPU was lost \(device was destroyed\), and all tensors on it\. [^\n]* The last good checkpoint is that of step 1, in [^\n]*run\.\n$/,
  );
  const resumed = await run(["resume", out, "--json"]);
  expect(resumed.err).toBe("");
  const events = parseLines(resumed.out);
  expect(events[0]).toMatchObject({ event: "start", backend: "webgpu", resumedAt: 1 });
  expect(events.at(-1)).toMatchObject({ event: "result", backend: "webgpu" });
});
