import { disabledShare } from "@bn-only/trainer";
import { bytes, count, percent, plural } from "../format.ts";
import { renderFigure } from "../reproduce/charts/render.ts";
import { runName } from "../reproduce/condition-names.ts";
import type { Figure } from "../reproduce/figure.ts";
import { accuracyRows } from "../reproduce/figures/accuracy-rows.ts";
import { figures } from "../reproduce/figures/index.ts";
import { byProtocol, figuresOf, protocolOf, withoutModels } from "../reproduce/figures-of-runs.ts";
import { seedsText } from "../reproduce/points.ts";
import { dataNote, protocolText } from "../reproduce/protocol-text.ts";
import { inOrder } from "../reproduce/run-order.ts";
import { oneLine } from "../reproduce/result.ts";
import type { StoredRun } from "../reproduce/run-store.ts";
import { commandLine } from "./command-line.ts";
import { escape } from "./escape.ts";
import { page } from "./page.ts";

/** A page about any runs, those of one protocol together. */
export async function renderComparison(given: readonly StoredRun[]): Promise<string> {
  const runs = inOrder(given);
  const groups = byProtocol(runs);
  const titles = headings(groups);
  const sections = await Promise.all(groups.map((group, i) => section(group, titles[i]!)));
  const title = `${plural(runs.length, "run")} compared`;
  const commands = runs.map(({ run }) => oneLine(commandLine(run))).join("\n");
  const body = `${sections.join("\n")}
<h2>How to get them again</h2>
<pre>${escape(commands)}</pre>`;
  return page({ title, headline: title, lead: lead(groups), body });
}

function lead(groups: readonly (readonly StoredRun[])[]): string {
  if (groups.length === 1)
    return "All were trained in the same way, so their numbers can be compared.";
  return `They were trained in ${groups.length} ways; numbers under one heading can be compared, those of two cannot.`;
}

/** How the runs of each group were trained, with what tells it from others that would be called the same. */
function headings(groups: readonly (readonly StoredRun[])[]): string[] {
  const ways = groups.map(([run]) => ({
    text: protocolText(run!.configuration),
    options: new Map(
      Object.entries(protocolOf(run!.configuration)).map(([name, value]) => [name, String(value)]),
    ),
  }));
  return ways.map(({ text, options }) => {
    const same = ways.filter((way) => way.text === text);
    const names = new Set(same.flatMap((way) => [...way.options.keys()]));
    const telling = [...names].filter(
      (name) => new Set(same.map((way) => way.options.get(name))).size > 1,
    );
    return [text, ...telling.map((name) => `${name} ${options.get(name) ?? "not given"}`)].join(
      ", ",
    );
  });
}

async function section(runs: readonly StoredRun[], heading: string): Promise<string> {
  const drawn: Figure[] = [accuracyFigure(runs)];
  for (const possible of figuresOf(runs)) {
    if (possible.spec.figure === "conditions") continue;
    const figure = await figures[possible.spec.figure]({ ...possible, ...withoutModels });
    drawn.push({ ...figure, notes: [...figure.notes, ...dataNote(possible.spec.protocol)] });
  }
  const svgs = await Promise.all(drawn.map(renderFigure));
  const shown = svgs.map(
    (svg, i) => `<figure role="img" aria-label="${escape(drawn[i]!.title)}">${svg}</figure>`,
  );
  return `<h2>${escape(heading)}</h2>\n${table(runs)}\n<div class="figures">${shown.join("\n")}</div>`;
}

/** Every network under every condition, as long as there is room to read. */
function accuracyFigure(runs: readonly StoredRun[]): Figure {
  const nameOf = ({ configuration }: StoredRun): string =>
    `${configuration.network}, ${runName(configuration)}`;
  return {
    title: "Accuracy",
    subtitle: seedsText(runs, "each a dot"),
    panels: [accuracyRows(runs, nameOf)],
    notes: [],
  };
}

function table(runs: readonly StoredRun[]): string {
  const head = [
    "network",
    "what trains",
    "seed",
    "test accuracy",
    "|gamma| < 0.01",
    "trained",
    "model file",
    "SHA-256 of the model",
  ];
  const rows = runs.map(({ configuration, run, modelSha256 }) => [
    configuration.network,
    runName(configuration),
    configuration.seed,
    percent(run.result.testAccuracy),
    percent(disabledShare(Float32Array.from(run.record.gammaAfter)), 1),
    count(run.result.trainableParameters),
    bytes(run.result.modelBytes),
    `${modelSha256.slice(0, 12)}…`,
  ]);
  const cells = (tag: string, values: readonly (string | number)[]): string =>
    `<tr>${values.map((value) => `<${tag}>${escape(value)}</${tag}>`).join("")}</tr>`;
  return `<div class="wide"><table><thead>${cells("th", head)}</thead><tbody>${rows.map((row) => cells("td", row)).join("")}</tbody></table></div>`;
}
