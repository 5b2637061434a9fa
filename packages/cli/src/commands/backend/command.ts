import type { TensorflowDevice } from "@bn-only/backend-tensorflow";
import type { Command } from "commander";
import type { Io } from "../../io.ts";
import { oneOf } from "../../options.ts";
import { writeJson } from "../../progress/json.ts";
import { print } from "../../print.ts";

interface InstallOptions {
  readonly cuda?: boolean;
  readonly python: string;
  readonly tensorflow?: string;
  readonly unverified?: boolean;
  readonly remove?: boolean;
  readonly json?: boolean;
}

export function addBackendCommand(program: Command, io: Io): void {
  program
    .command("backend")
    .description("Install what backends need beyond npm.")
    .command("install")
    .description(
      "Bring native TensorFlow into the cache folder, with Python's pip and a C++ compiler.",
    )
    .argument("<name>", "tensorflow", oneOf("backend", ["tensorflow"]))
    .option("--cuda", "with CUDA, for NVIDIA GPUs: 12 GB of disk while it is installed, not 2")
    .option("--python <program>", "a Python 3 with pip, needed now but not later", "python3")
    .option("--tensorflow <version>", "another version than the one whose hash bn-only knows")
    .option("--unverified", "trust pip's index: take what it offers of that version, of any hash")
    .option("--remove", "remove what this command installed")
    .option("--json", "one object at the end")
    .addHelpText(
      "after",
      "\nInterrupted, it goes on where it stopped. It installs into BN_ONLY_BACKENDS, or else into" +
        "\n~/.cache/bn-only/backends, and touches no project. It takes the wheel whose SHA-256 bn-only knows; for others," +
        "\nCUDA and arm64 among them, it wants --unverified." +
        "\n\nExamples:" +
        "\n  bn-only backend install tensorflow && bn-only train cifar-resnet-14 --backend tensorflow" +
        "\n  bn-only backend install tensorflow --cuda --unverified\n",
    )
    .action((_name: string, options: InstallOptions) => run(options, io));
}

async function run(options: InstallOptions, io: Io): Promise<void> {
  const { installTensorflow, removeTensorflow } =
    await import("@bn-only/backend-tensorflow/install");
  const { cuda, python, tensorflow: version, unverified, remove, json } = options;
  const { env, signal } = io;
  const device: TensorflowDevice = cuda ? "cuda" : "cpu";
  const say = (text: string): void => void (json || print(io, text));
  if (remove) {
    const result = removeTensorflow({ device, env });
    if (json) return writeJson(io, { event: "result", ...result });
    return say(`${result.removed ? "removed" : "nothing was installed in"} ${result.folder}`);
  }
  const { folder, installation } = await installTensorflow({
    device,
    python,
    version,
    unverified,
    env,
    signal,
    say,
  });
  if (json) return writeJson(io, { event: "result", folder, ...installation });
  if (installation === undefined) return;
  say(`installed in ${folder}; use it with --backend ${cuda ? "cuda" : "tensorflow"}`);
}
