import { countScalars } from "@bn-only/frozen-layers";
import { pytorchModules } from "@bn-only/resnet-zoo";
import { exportPyTorch, type ModelMetadata, useBackend } from "@bn-only/trainer";
import { UsageError } from "../../errors.ts";
import { bytes, count } from "../../format.ts";
import type { Io } from "../../io.ts";
import { print } from "../../print.ts";
import { writeJson } from "../../progress/json.ts";
import { createReporter } from "../../progress/reporter.ts";
import { imageSize } from "../../data/shape.ts";
import { modelFileOf } from "../evaluate/open-model.ts";
import { type OpenedNetwork, openNetwork } from "../evaluate/open-network.ts";
import { checkTarget } from "../shared/output-file.ts";
import type { PluginSelection } from "../shared/plugin-option.ts";
import { writeOutput } from "../shared/write-output.ts";

export interface ExportCommandOptions extends PluginSelection {
  readonly out?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** `bn-only export`: every weight of a model in one file, for programs that cannot draw them. */
export async function runExport(
  path: string,
  options: ExportCommandOptions,
  io: Io,
): Promise<void> {
  const file = modelFileOf(path);
  const opened = await openNetwork(file, options.plugin);
  const { model } = opened;
  if (model === undefined) {
    throw new UsageError(
      `${file} has all weights already, under the names that PyTorch reads. There is nothing to export.`,
    );
  }
  const out = options.out ?? defaultName(model.metadata);
  checkTarget(file, out, options.overwrite);
  const reporter = createReporter(io, options);
  try {
    for (const warning of opened.warnings) reporter.line(`${file}: ${warning}`);
  } finally {
    reporter.close();
  }
  // Any backend holds the same bits; this one has nothing to start.
  await useBackend("cpu");
  const { contents, parameters } = await denseFile(opened, model.metadata);
  await writeOutput(out, contents, io.signal);
  if (options.json) {
    return writeJson(io, { event: "result", out, bytes: contents.length, parameters });
  }
  print(
    io,
    `${out}: ${count(parameters)} parameters of ${opened.architecture}, ${bytes(contents.length)}`,
  );
}

/** All weights under PyTorch's names, and how many they are. */
async function denseFile(
  { rebuild, plugins }: OpenedNetwork,
  { architecture, classes, inputShape, seed, initialization, notes }: ModelMetadata,
): Promise<{ contents: Uint8Array; parameters: number }> {
  const network = await rebuild();
  try {
    const described = {
      ...notes,
      architecture,
      ...(inputShape && { inputShape: imageSize(inputShape) }),
      classes: String(classes),
      seed: String(seed),
      weightInit: initialization.weights,
    };
    const modules = pytorchModules(architecture, { architectures: plugins.architectures });
    const contents = await exportPyTorch(network, described, modules);
    return { contents, parameters: countScalars(network.parameters) };
  } finally {
    network.dispose();
  }
}

function defaultName({ architecture, seed }: ModelMetadata): string {
  return `${architecture.replaceAll(/[^\w.-]/g, "_")}-seed${seed}.safetensors`;
}
