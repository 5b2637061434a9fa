import { didYouMean, printable } from "@bn-only/errors";
import { Command, CommanderError } from "commander";
import { addAnalyzeCommand } from "./commands/analyze/command.ts";
import { addBackendCommand } from "./commands/backend/command.ts";
import { addBenchCommand } from "./commands/bench/command.ts";
import { addCardCommand } from "./commands/card/command.ts";
import { addDatasetsCommand } from "./commands/datasets/command.ts";
import { addDoctorCommand } from "./commands/doctor/command.ts";
import { addEvaluateCommand } from "./commands/evaluate/command.ts";
import { addExportCommand } from "./commands/export/command.ts";
import { addFoldCommand } from "./commands/fold/command.ts";
import { addNetworksCommand } from "./commands/networks/command.ts";
import { addPruneCommand } from "./commands/prune/command.ts";
import { addResumeCommand } from "./commands/resume/command.ts";
import { addReproduceCommand } from "./commands/reproduce/command.ts";
import { addReportCommand } from "./commands/report/command.ts";
import { addTrainCommand } from "./commands/train/command.ts";
import {
  describeError,
  EXIT_FAILURE,
  EXIT_INCOMPLETE,
  EXIT_USAGE,
  IncompleteRunError,
  isUsageError,
  UsageError,
} from "./errors.ts";
import { type Io, Interrupted } from "./io.ts";
import { colorsFor } from "./progress/colors.ts";
import { writeJson } from "./progress/json.ts";
import { version } from "./version.ts";
import { printTo } from "./print.ts";

/** Runs one command line and returns the exit code: 0, 1 for a failure, 2 for wrong usage, 3 for a run with gaps, 130 for Ctrl-C. */
export async function main(args: readonly string[], io: Io): Promise<number> {
  const program = createProgram(io);
  try {
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    return report(error, args, io);
  }
}

function createProgram(io: Io): Command {
  const program = new Command("bn-only")
    .description("Train only the BatchNorm of a frozen, random-weight CNN.")
    .version(version)
    .helpCommand("help [command]", "Show the help of a command.")
    .addHelpText(
      "after",
      "\nExamples:\n  bn-only train cifar-resnet-14 --preset quick\n  bn-only evaluate runs/…/model.safetensors\n",
    );
  addTrainCommand(program, io);
  addResumeCommand(program, io);
  addEvaluateCommand(program, io);
  addAnalyzeCommand(program, io);
  addReportCommand(program, io);
  addReproduceCommand(program, io);
  addExportCommand(program, io);
  addPruneCommand(program, io);
  addFoldCommand(program, io);
  addCardCommand(program, io);
  addNetworksCommand(program, io);
  addDatasetsCommand(program, io);
  addBenchCommand(program, io);
  addDoctorCommand(program, io);
  addBackendCommand(program, io);
  const commands = program.commands.flatMap((command) => [command, ...command.commands]);
  for (const command of [program, ...commands]) {
    command.showSuggestionAfterError(false);
    command
      .configureHelp({ minWidthToWrap: 20 })
      .exitOverride((error) => throwWithSuggestion(error, command))
      .configureOutput({
        writeOut: (text) => void io.stdout.write(text),
        // Commander throws the same message, which `report` prints.
        writeErr: () => {},
        getOutHelpWidth: () => io.stdout.columns || 80,
      });
  }
  program.action((_options, command: Command) => {
    const [typed] = command.args;
    if (typed === undefined) return program.outputHelp();
    const names = program.commands.map((entry) => entry.name());
    throw new UsageError(
      `there is no command "${typed}"${didYouMean(typed, names)} Commands are ${names.join(", ")}.`,
    );
  });
  program.allowExcessArguments();
  return program;
}

/** Commander knows other distances than the rest of the command line. */
function throwWithSuggestion(error: CommanderError, command: Command): never {
  const [, kind, typed] = /unknown (option|command) '(--[^'=]*|[^']*)/.exec(error.message) ?? [];
  if (kind === undefined) throw error;
  const known =
    kind === "option"
      ? [...command.options.map(({ long }) => long ?? ""), "--help"]
      : command.commands.map((entry) => entry.name());
  const all = kind === "option" ? "See --help." : `Commands are ${known.join(", ")}.`;
  throw new UsageError(`unknown ${kind} "${typed}"${didYouMean(typed, known)} ${all}`);
}

function report(error: unknown, args: readonly string[], io: Io): number {
  if (io.env["BN_ONLY_DEBUG"] && error instanceof Error) printTo(io.stderr, error.stack ?? "");
  const interrupted = error instanceof Interrupted || io.signal.aborted;
  const message = interrupted ? "interrupted" : printable(oneLine(error));
  io.stderr.write(`${colorsFor(io.stderr, io.env).red("error:")} ${message}\n`);
  // The result stays the last line of a run that has one.
  if (IncompleteRunError.isInstance(error)) return EXIT_INCOMPLETE;
  if (args.includes("--json")) writeJson(io, { event: "error", message });
  if (interrupted)
    return io.signal.reason instanceof Interrupted
      ? io.signal.reason.exitCode
      : new Interrupted().exitCode;
  return isUsageError(error) ? EXIT_USAGE : EXIT_FAILURE;
}

/** Commander's messages say what is wrong but not where to read on; for a command that is missing it has none. */
function oneLine(error: unknown): string {
  if (error instanceof CommanderError && error.code === "commander.help") {
    return "a command is missing, or there is none of that name. See --help.";
  }
  const message = describeError(error).replace(/^error: /, "");
  return error instanceof CommanderError ? `${message.replace(/\.?$/, ".")} See --help.` : message;
}
