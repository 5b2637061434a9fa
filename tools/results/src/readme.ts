import { figures } from "../../../packages/cli/src/reproduce/figures/index.ts";
import { renderFigure } from "../../../packages/cli/src/reproduce/charts/render.ts";
import {
  byProtocol,
  figuresOf,
  withoutModels,
} from "../../../packages/cli/src/reproduce/figures-of-runs.ts";
import { certainties } from "../../../packages/cli/src/reproduce/published/published.ts";
import type { StoredRun } from "../../../packages/cli/src/reproduce/run-store.ts";
import { protocolTitle, resultTable } from "./tables.ts";

export interface ResultPages {
  readonly readme: string;
  /** SVGs by file name. */
  readonly figures: ReadonlyMap<string, string>;
  /** Of the root README. */
  readonly table: string;
}

const HEAD = `# Results

Runs of this library: for each its configuration, what it measured every epoch, its gammas, and its model, a file of a few KB; models that hold all
weights are not kept, their hashes are. \`index.json\` has the command of each run, which on the same backend gives the same model to the bit, and the hashes of its
files. "Zeros after ReLU" are counted over all test images; a dead channel is zero at every pixel of all of them. All that stands here is written by
\`npm run results\`, which with the names of run folders keeps those, too.

`;

/** What \`results/README.md\` and the table in the root README say, from the kept runs alone. */
export async function resultPages(runs: readonly StoredRun[]): Promise<ResultPages> {
  const drawn = new Map<string, string>();
  const sections: string[] = [];
  const groups = byProtocol(runs).sort((a, b) => images(b[0]!) - images(a[0]!));
  for (const [number, group] of groups.entries()) {
    const parts = [`## ${protocolTitle(group[0]!)}`, resultTable(group, isPaper(group[0]!))];
    for (const possible of figuresOf(group)) {
      const figure = await figures[possible.spec.figure]({ ...possible, ...withoutModels });
      const file = `figures/${number + 1}-${possible.spec.figure}.svg`;
      drawn.set(file, await renderFigure(figure));
      parts.push(`![${figure.title}](${file})`, figure.notes.join(" "));
    }
    sections.push(parts.join("\n\n"));
  }
  const known = `The paper's numbers are ${certainties["read off"]}, or ${certainties["partly hidden"]}; those marked as recalled are ${certainties.recalled}.`;
  return {
    readme: `${HEAD}${known}\n\n${sections.join("\n\n")}\n`,
    figures: drawn,
    table: rootTable(groups),
  };
}

const images = ({ configuration, run }: StoredRun): number =>
  configuration.epochs * run.record.trainImages;

function isPaper({ configuration, run }: StoredRun): boolean {
  const { dataset, epochs } = configuration;
  return dataset === "cifar10" && epochs === 160 && run.record.trainImages === 50_000;
}

function rootTable(groups: readonly (readonly StoredRun[])[]): string {
  if (groups.length === 0) return "No run has been kept yet.";
  return groups
    .map((group) => `${protocolTitle(group[0]!)}:\n\n${resultTable(group, isPaper(group[0]!))}`)
    .join("\n\n");
}
