import type { Command } from "commander";
import type { Io } from "../../io.ts";
import { pathName } from "../../options.ts";
import { addBackendOptions } from "../shared/backend-options.ts";
import { addDataOptions } from "../shared/data-options.ts";
import { addPluginOption } from "../shared/plugin-option.ts";
import { type AnalyzeCommandOptions, parseShare, parseThresholds } from "./options.ts";
import { runAnalysis } from "./run.ts";

export function addAnalyzeCommand(program: Command, io: Io): void {
  const command = program
    .command("analyze")
    .description("Look at gamma, beta and ReLUs of a model: which features are switched off.")
    .argument("<model>", "a model.safetensors, or a run folder")
    .argument("[beside]", "another one to put beside it, such as the run of all parameters")
    .option(
      "--thresholds <list>",
      "of |gamma|, ascending (default: 0.001,0.01,0.05,0.1)",
      parseThresholds,
    )
    .option(
      "--almost <share>",
      "share of zeros from which a channel counts as almost dead",
      parseShare,
      0.99,
    )
    .option("--no-evaluate", "look at parameters only, and at no images")
    .option("--out <file>", "also write a page of figures, such as gammas.html", pathName("--out"))
    .option("--overwrite", "replace a file that exists");
  addDataOptions(command, { otherwise: "the model's own" });
  addPluginOption(addBackendOptions(command, "auto"))
    .option("--json", "events as objects, the result last")
    .addHelpText(
      "after",
      "\nExamples:\n  bn-only analyze runs/bn\n  bn-only analyze runs/bn runs/all --test-size 1000 --out gammas.html\n",
    )
    .action((model: string, beside: string | undefined, options: AnalyzeCommandOptions) =>
      runAnalysis(beside === undefined ? [model] : [model, beside], options, io),
    );
}
