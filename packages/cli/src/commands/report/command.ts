import type { Command } from "commander";
import type { Io } from "../../io.ts";
import { pathName } from "../../options.ts";
import { type ReportCommandOptions, runReports } from "./run.ts";

export function addReportCommand(program: Command, io: Io): void {
  program
    .command("report")
    .description("Make pages of finished runs, from their folders alone: of each, and one of all.")
    .argument("<runs...>", "run folders, and folders of run folders")
    .option(
      "--out <file>",
      "only the page of all runs, there (default: comparison.html beside several runs)",
      pathName("--out"),
    )
    .option("--json", "one object a run")
    .addHelpText(
      "after",
      "\nExamples:\n  bn-only report runs/*\n  bn-only report results --out results.html\n",
    )
    .action((runs: readonly string[], options: ReportCommandOptions) =>
      runReports(runs, options, io),
    );
}
