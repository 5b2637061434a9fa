import type { Command } from "commander";
import type { Io } from "../../io.ts";
import { pathName } from "../../options.ts";
import { addPluginOption } from "../shared/plugin-option.ts";
import { type ExportCommandOptions, runExport } from "./run.ts";

export function addExportCommand(program: Command, io: Io): void {
  const command = program
    .command("export")
    .description("Write all weights of a model, the drawn ones too, for PyTorch.")
    .argument("<model>", "a model.safetensors, or a run folder")
    .option(
      "--out <file>",
      "the file to write (default: <network>-seed<seed>.safetensors in this folder)",
      pathName("--out"),
    )
    .option("--overwrite", "replace a file that exists");
  addPluginOption(command)
    .option("--json", "one object at the end")
    .addHelpText(
      "after",
      "\nNames and layouts are those of torchvision's ResNets: conv1.weight [out,in,height,width], layer1.0.bn1.running_mean, fc.weight." +
        "\nThe model file itself is all that tools/pytorch/load_bn_only.py needs." +
        "\n\nExample:\n  bn-only export runs/my-run --out weights.safetensors\n",
    )
    .action((model: string, options: ExportCommandOptions) => runExport(model, options, io));
}
