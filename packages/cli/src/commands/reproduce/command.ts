import type { Command } from "commander";
import type { Io } from "../../io.ts";
import { oneOf, pathName, wholeNumber } from "../../options.ts";
import { type FigureName, figureNames } from "../../reproduce/figure-spec.ts";
import { scaleNames } from "../../reproduce/scales.ts";
import { type ReproduceCommandOptions, runReproduce } from "./run.ts";

const parseFigure = oneOf("the figure", figureNames) as (text: string) => FigureName;

export function addReproduceCommand(program: Command, io: Io): void {
  const command = program
    .command("reproduce")
    .description(
      "Train what a figure of the paper needs, once, and draw it beside the paper's numbers.",
    )
    .argument("[figure]", figureNames.join(", "), parseFigure)
    .option(
      "--scale <name>",
      "tiny: minutes; small: hours; paper: the protocol",
      oneOf("--scale", scaleNames),
      "tiny",
    )
    .option(
      "--seeds <n>",
      "of each run, from 0 on (default: 1, at the scale of the paper 5)",
      wholeNumber("--seeds", 1, 1000),
    )
    .option("--jobs <n>", "runs at a time, which share the cores", wholeNumber("--jobs", 1, 64), 1)
    .option(
      "--out <folder>",
      "for the SVG, its data, the list of runs, and runs/",
      pathName("--out"),
      "reproduce",
    )
    .option(
      "--runs <folder>",
      "take finished runs from there, too: a run folder, or one of them such as results/; can be repeated",
      (folder: string, before: readonly string[] = []) => [...before, pathName("--runs")(folder)],
    )
    .option("--spec <file>", "a YAML file that says all that --scale decides", pathName("--spec"))
    .option(
      "--images <folder>",
      "of imagenet: train/ and val/ with a folder for each class",
      pathName("--images"),
    )
    .option("--backend <name>", "of every run; other bits than wasm, the default")
    .option("--json", "one event object a line on stdout, the result last")
    .addHelpText(
      "after",
      "\nNothing is run twice: each run has a folder with the hash of its configuration in its name, is gone on with where it\n" +
        "stopped, and serves every figure. Each figure leaves <figure>.spec.yaml, which another machine can be given by --spec.\n\n" +
        "Examples:\n  bn-only reproduce depth\n  bn-only reproduce conditions --scale small --seeds 2 --jobs 2\n  bn-only reproduce --spec reproduce/depth.spec.yaml --out again\n",
    )
    .action((figure: FigureName | undefined, options: ReproduceCommandOptions) => {
      const byHand = new Set(
        Object.keys(options).filter((name) => command.getOptionValueSource(name) === "cli"),
      );
      return runReproduce(figure, { ...options, byHand }, io);
    });
}
