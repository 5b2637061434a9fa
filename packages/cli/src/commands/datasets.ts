import { listDatasets } from "@bn-only/datasets";
import type { Command } from "commander";
import { count } from "../format.ts";
import type { Io } from "../io.ts";

export function addDatasetsCommand(program: Command, io: Io): void {
  program
    .command("datasets")
    .description("List the data sets.")
    .option("--json", "one array")
    .action(({ json }: { json?: boolean }) => {
      const datasets = listDatasets();
      if (json) return void io.stdout.write(`${JSON.stringify(datasets)}\n`);
      for (const {
        name,
        description,
        shape,
        trainSize,
        testSize,
        licence,
        citation,
        download,
      } of datasets) {
        const lines = [
          name,
          `  ${description}`,
          `  ${count(trainSize)} training and ${count(testSize)} test images of ${shape.join("x")}`,
          `  ${download ? "fetched once, then cached" : "made on the spot"}; licence: ${licence}`,
          ...(citation ? [`  cite: ${citation}`] : []),
        ];
        io.stdout.write(`${lines.join("\n")}\n`);
      }
    });
}
