import { TensorflowError } from "../../../../packages/backend-tensorflow/src/errors.ts";
import { cudaRequirementsOf } from "../../../../packages/backend-tensorflow/src/install/wheels.ts";
import { readInstallation } from "../../../../packages/backend-tensorflow/src/installation.ts";
import { recall } from "../../../../packages/backends/src/measured.ts";
import { memoryDisk, putFile } from "../memory-disk.ts";
import { encode, jsonMutation } from "../structures/json.ts";
import type { Mutation, Target } from "../target.ts";

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
    putFile(`${memoryDisk}/installation.json`, bytes);
    const found = readInstallation(memoryDisk);
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
    process.env["XDG_CACHE_HOME"] = memoryDisk;
    putFile(`${memoryDisk}/bn-only/backends.json`, bytes);
    const found = recall("key");
    if (found !== undefined && typeof found.name !== "string") throw new Error("no name");
  },
  typed: () => false,
  limit,
  structured: [jsonMutation],
};

const metadata = `Metadata-Version: 2.4
Name: tensorflow
Requires-Dist: absl-py>=1.0.0
Requires-Dist: nvidia-cublas-cu12 (<13.0,>=12.5.3.2) ; extra == 'and-cuda'
Requires-Dist: nvidia-cudnn-cu12<10.0,>=9.3.0.75; extra == "and-cuda"
`;

/** Words that pip would take for something else than the name of a package. */
const changeRequirement: Mutation = (bytes, random) => {
  const word = random.pick([
    "-r x",
    "--index-url",
    "nvidia-a @ http://x",
    "nvidia-",
    "nvidia-b<1,",
  ]);
  const text = Buffer.from(bytes).toString("latin1");
  return new Uint8Array(Buffer.from(text.replace(/nvidia[\w-]*|: \S+/, word), "latin1"));
};

/** What a wheel asks for, which goes to pip. */
export const wheelMetadata: Target = {
  seeds: () => [encode(metadata)],
  run(bytes) {
    const requirements = cudaRequirementsOf(Buffer.from(bytes).toString("utf8"));
    const wrong = requirements.find((text) => !/^nvidia-[\w.<>=!~*,-]+$/.test(text));
    if (wrong !== undefined) throw new Error(`pip would get ${wrong}`);
  },
  typed: () => false,
  limit,
  structured: [changeRequirement],
};
