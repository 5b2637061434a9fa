import { synthetic } from "@bn-only/datasets";
import { describeNetwork } from "@bn-only/resnet-zoo";
import type { EpochEvent } from "@bn-only/trainer";
import { describe, expect, test } from "vitest";
import { renderReport } from "../../src/report/report.ts";
import type { FinishedRun } from "../../src/run/read.ts";
import type { ReportRecord } from "../../src/run/record.ts";
import { shownImages } from "../../src/run/shown-images.ts";

const { test: shown } = synthetic({ trainSize: 1, testSize: 12 });
const epochs = (count: number): EpochEvent[] =>
  Array.from({ length: count }, (_, epoch) => ({
    event: "epoch",
    epoch,
    trainLoss: 2.3 - epoch / 10,
    trainAccuracy: 0.1 + epoch / 20,
    testLoss: 2.3 - epoch / 11,
    testAccuracy: 0.1 + epoch / 25,
    learningRate: 0.1,
    seconds: epoch,
    imagesPerSecond: 100,
  }));

const description = describeNetwork("cifar-resnet-14");
const record: ReportRecord = {
  network: {
    macs: description.macs,
    batchNormParameters: description.parameters.batchNorm,
    published: description.published!,
  },
  classes: shown.classes,
  trainImages: 640,
  gammaBefore: Array.from({ length: 100 }, (_, i) => i / 90),
  gammaAfter: Array.from({ length: 100 }, (_, i) => (i < 25 ? 0.001 : i / 80)),
  shown: shownImages(
    shown,
    Int32Array.from(shown.labels, (label, i) => (i < 5 ? label : 9 - label)),
  ),
};

function input(
  changes: Partial<FinishedRun> = {},
  result: Partial<FinishedRun["result"]> = {},
): FinishedRun {
  return {
    status: "finished",
    network: "cifar-resnet-14",
    started: "2026-11-26T12:00:00.000Z",
    versions: { bnOnly: "0.1.0", tfjs: "4.22.0", node: "20.20.2" },
    machine: { cpu: "a CPU", cores: 2, platform: "linux" },
    options: {
      dataset: "synthetic",
      condition: "bn",
      backend: "cpu",
      fma: true,
      epochs: 3,
      batchSize: 128,
      optimizer: "sgd",
      schedule: "milestones",
      checkpointEvery: "5min",
      learningRate: 0.1,
      momentum: 0.9,
      weightDecay: 1e-4,
      seed: 4,
      trainSize: 640,
      weightInit: "kaimingNormal",
      batchNormInit: "uniform",
      normalization: "imagenet",
      augment: true,
      checkpointedStages: 0,
      report: true,
    },
    result: {
      event: "result",
      testAccuracy: 0.4212,
      testLoss: 1.5,
      trainableParameters: 1120,
      totalParameters: 175_258,
      modelBytes: 14_432,
      seconds: 65,
      imagesPerSecond: 134,
      backend: "cpu",
      seed: 4,
      network: "cifar-resnet-14",
      condition: "bn",
      ...result,
    },
    history: epochs(3),
    record,
    ...changes,
  };
}

const withGammas = (values: readonly number[]): FinishedRun =>
  input({ record: { ...record, gammaBefore: values, gammaAfter: values } });

/** Tags that are not closed, or not in order. */
function openTags(html: string): string[] {
  const open: string[] = [];
  const single = new Set(["meta", "img", "line", "rect", "path", "circle"]);
  for (const [, close, name, self] of html.matchAll(/<(\/?)([a-z]\w*)[^>]*?(\/?)>/g)) {
    if (close && open.at(-1) === name) open.pop();
    else if (close) return [...open, `/${name}`];
    else if (!self && !single.has(name!)) open.push(name!);
  }
  return open;
}

describe("renderReport", () => {
  test("more epochs than a call has arguments", () => {
    const page = renderReport(input({ history: epochs(100_000) }));
    expect(page).toContain("100,000 epochs of 640 synthetic images");
  });

  test("a run that does not tell its momentum had the recipe's", () => {
    const { momentum: _momentum, ...options } = input().options;
    const html = renderReport(input({ options }));
    expect(html).toContain("SGD, momentum 0.9, L2 penalty 0.0001 on what trains");
    expect(html).not.toContain("undefined");
  });

  test("says what was reached with how little", () => {
    const html = renderReport(input());
    expect(html).toContain("<h1>42.1 % accuracy with 0.6 % of the parameters trained</h1>");
    expect(html).toContain(
      "A cifar-resnet-14 learned from 3 epochs of 640 synthetic images while 174,138 of its weights stayed as seed 4 drew them.",
    );
    expect(html).toContain(
      "|gamma| &lt; 0.01, where the paper calls a feature switched off: 1.0 % before, 25.0 % after.",
    );
    expect(html).toContain("The first 12 test images; ");
  });

  test("shows every image with what it was taken for", () => {
    const html = renderReport(input());
    expect(html.match(/<img src="data:image\/png;base64,[A-Za-z0-9+/=]+"/g)).toHaveLength(12);
    const right = html.match(/<li class="right"/g)!.length;
    expect(html).toContain(`; ${right} of them are classified right.`);
    expect(html.match(/<li class="wrong"/g)).toHaveLength(12 - right);
  });

  test("loads nothing and runs nothing", () => {
    const html = renderReport(input());
    expect(html).not.toMatch(/<script|<link|<iframe|@import|url\(|srcset/i);
    for (const [, address] of html.matchAll(/(?:src|href)="([^"]*)"/g)) {
      expect(address).toMatch(/^data:/);
    }
  });

  test.each([1, 2, 3, 60])("%i epochs: well-formed, and every coordinate is a number", (count) => {
    const html = renderReport(input({ history: epochs(count) }));
    expect(openTags(html.slice(html.indexOf("<html")))).toEqual([]);
    expect(html).not.toMatch(/NaN|Infinity|undefined|null/);
  });

  test.each([
    ["none", 0, "with not one parameter trained", "only its running statistics followed"],
    ["all", 175_258, "with every parameter trained", "all its 175,258 parameters moved"],
    ["bn", 36, "with 0.02 % of the parameters trained", "175,222 of its weights"],
  ])("condition %s, %i parameters: says so", (condition, trainableParameters, headline, lead) => {
    const html = renderReport(input({}, { condition, trainableParameters }));
    expect(html).toContain(headline);
    expect(html).toContain(lead);
  });

  test("one value of gamma, and no gamma at all", () => {
    const ones = Array.from({ length: 50 }, () => 1);
    for (const values of [ones, []]) {
      const html = renderReport(withGammas(values));
      expect(html).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  test("200,000 gammas do not overflow the stack", () => {
    const values = Array.from({ length: 200_000 }, () => 0.5);
    expect(renderReport(withGammas(values))).toContain("200,000");
  });

  test("names of classes are text, never markup", () => {
    const classes = shown.classes.map(() => `<script>"x"</script>`);
    const html = renderReport(input({ record: { ...record, classes } }));
    expect(html).not.toContain("<script>");
    expect(html).toContain("&lt;script&gt;");
  });

  test("the paper's figure stands beside a CIFAR-10 run only", () => {
    expect(renderReport(input())).not.toContain("48.3");
    const options = { ...input().options, dataset: "cifar10" };
    expect(renderReport(input({ options }))).toContain("48.3 %");
  });

  test("the command line names what changes the bits", () => {
    const { options } = input();
    const plugin = ["./my plugin.mjs"];
    const html = renderReport(
      input({ options: { ...options, plugin, fma: false, nesterov: true } }),
    );
    expect(html).toContain("--plugin &#39;./my plugin.mjs&#39; \\\n");
    expect(html).toContain("--nesterov \\\n  --backend cpu \\\n  --no-fma</pre>");
  });

  test("the command line names the checkpointed stages of a run that had some", () => {
    const html = renderReport(input({ options: { ...input().options, checkpointedStages: 2 } }));
    expect(html).toContain("--checkpointed-stages 2 \\\n");
  });

  test("images of more channels than a PNG has are not shown", () => {
    const many = { ...shown, shape: [4, 4, 5] as const };
    const none = shownImages(many, Int32Array.from(shown.labels));
    expect(none).toEqual([]);
    expect(renderReport(input({ record: { ...record, shown: none } }))).not.toContain(
      "What it sees",
    );
  });

  test("the command line is whole", () => {
    const html = renderReport(input({ options: { ...input().options, augment: false } }));
    const block = html.match(/<pre>([^<]*)<\/pre>/)![1]!;
    expect(block.replaceAll(" \\\n ", "")).toBe(
      "bn-only train cifar-resnet-14 --dataset synthetic --condition bn --epochs 3 --batch-size 128 --optimizer sgd --learning-rate 0.1 " +
        "--momentum 0.9 --weight-decay 0.0001 --schedule milestones --train-size 640 --seed 4 --weight-init kaimingNormal " +
        "--batch-norm-init uniform --normalization imagenet --no-augment --backend cpu",
    );
  });
});
