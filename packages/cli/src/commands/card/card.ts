import { imageSize } from "../../data/shape.ts";
import { bytes, count, percent, millions } from "../../format.ts";
import { commandLine } from "../../report/command-line.ts";
import type { CardFacts } from "./facts.ts";
import { frontMatter } from "./front-matter.ts";
import { code, inlineCode, markdownTable, plain } from "./markdown.ts";
import { usage } from "./usage.ts";

/** A model card: what the file is, how it was made and tested, how it is used, and what it is not good for. */
export function modelCard(facts: CardFacts, license: string | undefined): string {
  const title = titleOf(facts);
  const sections = [
    frontMatter(facts, title, license),
    `# ${plain(title)}`,
    lead(facts),
    `## Results\n\n${results(facts)}`,
    ...training(facts),
    `## How to use it\n\n${usage(facts)}`,
    `## Limits\n\n${limits(facts)}`,
    `## The file\n\n${file(facts)}`,
  ];
  return `${sections.join("\n\n")}\n`;
}

function titleOf({ opened: { architecture, notes } }: CardFacts): string {
  const { condition = "unknown", form } = notes;
  const trained = condition === "bn" ? "BatchNorm only" : `trained: ${condition}`;
  return [architecture, trained, form].filter((part) => part !== undefined).join(", ");
}

function lead({ opened, parameters, batchNormParameters }: CardFacts): string {
  const { seed, bytes: size, notes, classes, inputShape } = opened;
  const about =
    `A network with ${count(parameters)} parameters, for images of ${imageSize(inputShape)} in ` +
    `${classes === 1 ? "1 class" : `${count(classes)} classes`}.`;
  const paper =
    "After *Training BatchNorm and Only BatchNorm*, Frankle, Schwab and Morcos, [arXiv 2003.00152](https://arxiv.org/abs/2003.00152).";
  if (seed === undefined) {
    return `${about} The file holds all of them (${plain(notes["form"] ?? "dense")}), in ${bytes(size)}. ${paper}`;
  }
  const trained =
    notes["condition"] === "bn"
      ? `Only the ${count(batchNormParameters)} parameters of its BatchNorm layers were trained. All others are as seed ${seed} drew them, so the file ` +
        `does not hold them: it has ${bytes(size)}.`
      : `The file of ${bytes(size)} holds what seed ${seed} does not give.`;
  return `${about} ${trained} ${paper}`;
}

function results({ opened: { notes }, disabled }: CardFacts): string {
  const [accuracy, loss, size] = ["testAccuracy", "testLoss", "testSize"].map((name) =>
    notes[name] === undefined ? NaN : Number(notes[name]),
  ) as [number, number, number];
  const rows = [
    ...(Number.isFinite(accuracy) ? [["test accuracy", percent(accuracy)]] : []),
    ...(Number.isFinite(loss) ? [["test loss", `${loss.toFixed(4)} nats`]] : []),
    ...(disabled === undefined
      ? []
      : [["features switched off (gamma within 0.01 of zero)", percent(disabled)]]),
  ];
  const images = Number.isFinite(size) ? `${count(size)} ` : "";
  const where = Number.isFinite(accuracy)
    ? `On ${images}test images of ${plain(notes["dataset"] ?? "unknown data")}, with running statistics, as the file says of itself; one run.`
    : "The file does not say how it was tested.";
  return rows.length === 0 ? where : `${where}\n\n${markdownTable([["", "value"], ...rows])}`;
}

function training({ run }: CardFacts): string[] {
  if (run === undefined) return [];
  const { options, versions, result, network, started } = run;
  const rows = [
    ["condition", options.condition],
    ["epochs", count(options.epochs)],
    ["batch size", count(options.batchSize)],
    ["optimiser", options.optimizer],
    ["learning rate", `${options.learningRate}, ${options.schedule}`],
    ["weight decay", String(options.weightDecay)],
    ["seed", String(options.seed)],
    ["backend", result?.backend ?? options.backend],
    ["versions", `bn-only ${versions.bnOnly}, tfjs ${versions.tfjs}, Node ${versions.node}`],
    ["begun", started],
  ];
  const cells = rows.map((row) => row.map((cell) => plain(cell!)));
  const table = markdownTable([["", "value"], ...cells]);
  return [`## Training\n\n${table}\n\n${code("sh", commandLine({ options, network }))}`];
}

function limits({ opened: { notes } }: CardFacts): string {
  const small =
    notes["condition"] === "bn"
      ? " Trained in full, the same networks reach far more: BatchNorm-only training shows what random features can do."
      : "";
  return (
    `It knows the classes of its data set and nothing else, and gives one of them for any image.${small} ` +
    "It was not examined for bias, robustness or use outside its data set."
  );
}

function file({ opened, fileName, sha256, macs }: CardFacts): string {
  const { bytes: size, seed, notes } = opened;
  const rows = [
    ["name", inlineCode(fileName)],
    ["size", `${count(size)} bytes`],
    ["SHA-256", `\`${sha256}\``],
    ["format", seed === undefined ? "safetensors, `bn-only-dense`" : "safetensors, `bn-only`"],
    ...(seed === undefined ? [] : [["weights", `seed ${seed}, \`init-v1\``]]),
    ["normalisation", plain(notes["normalization"] ?? "unknown")],
    ["multiply-adds for an image", millions(macs)],
  ];
  return markdownTable([["", "value"], ...rows]);
}
