import type { Command } from "commander";
import type { Io } from "../../io.ts";
import { type ReportCommandOptions, runReports } from "./run.ts";

export function addReportCommand(program: Command, io: Io): void {
  program
    .command("report")
    .description("Write the report.html of finished runs anew, from their folders alone.")
    .argument("<runs...>", "run folders; each gets its own page")
    .option("--json", "one object a run")
    .addHelpText("after", "\nExample:\n  bn-only report runs/*\n")
    .action((runs: readonly string[], options: ReportCommandOptions) =>
      runReports(runs, options, io),
    );
}
