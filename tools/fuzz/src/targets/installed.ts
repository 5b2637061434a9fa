import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TensorflowError } from "../../../../packages/backend-tensorflow/src/errors.ts";
import { readInstallation } from "../../../../packages/backend-tensorflow/src/installation.ts";
import { recall } from "../../../../packages/backends/src/measured.ts";
import { scratchFolder } from "../scratch.ts";
import { encode, jsonMutation } from "../structures/json.ts";
import type { Target } from "../target.ts";

const limit = (size: number): number => (2 << 20) + 64 * size;
export const installation: Target = {
  seeds: () => [
    encode(
      JSON.stringify({
        format: 3,
        device: "cpu",
        tensorflow: "2.21.0",
        wheel: "tensorflow_cpu-2.21.0-cp312-cp312-manylinux.whl",
        tfjsNode: "4.22.0",
      }),
    ),
  ],
  run(bytes) {
    const folder = scratchFolder();
    writeFileSync(join(folder, "installation.json"), bytes);
    const found = readInstallation(folder);
    if (found === undefined) return;
    const texts = [found.device, found.tensorflow, found.wheel, found.tfjsNode];
    if (!texts.every((text) => typeof text === "string")) throw new Error("a field is no text");
  },
  typed: (error) => TensorflowError.isInstance(error),
  limit,
  structured: [jsonMutation],
};

const measurement = { name: "wasm", milliseconds: { wasm: 12.5, cpu: 80 } };

/** What was measured in earlier processes; a damaged file counts as none. */
export const measured: Target = {
  seeds: () => [encode(JSON.stringify({ key: measurement, other: measurement }))],
  run(bytes) {
    const folder = scratchFolder();
    process.env["XDG_CACHE_HOME"] = folder;
    mkdirSync(join(folder, "bn-only"), { recursive: true });
    writeFileSync(join(folder, "bn-only", "backends.json"), bytes);
    const found = recall("key");
    if (found !== undefined && typeof found.name !== "string") throw new Error("no name");
  },
  typed: () => false,
  limit,
  structured: [jsonMutation],
};
