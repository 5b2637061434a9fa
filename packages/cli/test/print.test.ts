import { printSummary } from "../src/training/summary.ts";
import { expect, test } from "vitest";
import { print, printTo } from "../src/print.ts";
import { writeJson } from "../src/progress/json.ts";
import { createReporter } from "../src/progress/reporter.ts";
import { fakeIo } from "./support/io.ts";

const hostile = "a\u001b]0;title\u0007b\u009b2Jc\u007f\r\u2028\u202ed";
const harmless = "a\ufffd]0;title\ufffdb\ufffd2Jc\ufffd\ufffd\ufffd\ufffdd";

test("print: lines stay, everything that steers a terminal is replaced", () => {
  const io = fakeIo();
  print(io, `${hostile}\nsecond\tline`);
  expect(io.out()).toBe(`${harmless}\nsecond\ufffdline\n`);
  printTo(io.stderr, hostile);
  expect(io.err()).toBe(`${harmless}\n`);
});

test.each([true, false])(
  "a reporter does so in its lines, warnings and data events, terminal: %s",
  (isTTY) => {
    const io = fakeIo({ isTTY, env: { NO_COLOR: "1" } });
    const reporter = createReporter(io, {});
    reporter.line(hostile);
    reporter.warn(hostile);
    reporter.data({ event: "source", dataset: "x", source: "x", message: hostile });
    reporter.close();
    expect(io.out().split(harmless)).toHaveLength(3);
    expect(io.out()).not.toContain(hostile);
    expect(io.err()).toBe(`warning: ${harmless}\n`);
  },
);

test("JSON is the same value, with no character that a terminal obeys", () => {
  const io = fakeIo();
  writeJson(io, { event: "result", hostile });
  expect(JSON.parse(io.out())).toEqual({ event: "result", hostile });
  expect(io.out()).toMatch(/^[^\p{Cc}\u2028\u202e]+\n$/u);
});

test("the summary of a run that trained on no image says no speed", () => {
  const options = { epochs: 1, report: false, dataset: "synthetic" };
  const event = { testAccuracy: 1, trainableParameters: 1, totalParameters: 2, modelBytes: 9 };
  const speed = { seconds: 3, imagesPerSecond: 0, backend: "wasm", out: "run" };
  const finished = { event: { ...event, ...speed }, record: { network: {} }, disabled: 0 };
  const io = fakeIo();
  printSummary(io, finished as never, options as never);
  expect(io.out()).toMatch(/^time +3 s on wasm$/m);
  expect(io.out()).not.toContain("images/s");
});
