import { expect, test } from "vitest";
import { runDiffers } from "../src/expected-run.ts";
import { timesKept } from "../src/milestones.ts";
import { sample } from "../src/random.ts";
import type { Tree } from "../src/tree.ts";

const files = {
  "run/model.safetensors": "model",
  "run/report.json": "{}",
  "run/metrics.jsonl": '{"event":"step","loss":1,"seconds":2}\n',
  "run/run.json": '{"status":"finished","result":{"testLoss":1,"seconds":3}}',
};
const tree = (changes: Readonly<Record<string, string | undefined>> = {}): Tree =>
  new Map(
    Object.entries({ ...files, ...changes }).flatMap(([path, text]) =>
      text === undefined ? [] : [[path, Buffer.from(text)] as const],
    ),
  );

test("a run that took other times is the same", () => {
  const other = tree({
    "run/metrics.jsonl": '{"event":"step","loss":1,"seconds":9}\n',
    "run/run.json": '{"status":"finished","result":{"testLoss":1,"seconds":9}}',
  });
  expect(runDiffers(other, tree())).toBe(undefined);
});

test.each([
  ["another model", { "run/model.safetensors": "x" }, "the model's SHA-256"],
  ["a file less", { "run/report.json": undefined }, "missing: run/report.json"],
  ["a file more", { "run/.lock": "" }, "left behind: run/.lock"],
  ["another loss", { "run/metrics.jsonl": '{"event":"step","loss":2}\n' }, "the metrics are"],
  ["damaged metrics", { "run/metrics.jsonl": "\0\0\0\n" }, "the metrics are"],
  ["a run that goes on", { "run/run.json": '{"status":"running"}' }, "the status and the result"],
])("%s is told", (_, changes, problem) => {
  expect(runDiffers(tree(changes), tree())).toContain(problem);
});

test("a file is kept once the folder that it was renamed into is synced", () => {
  const kept = timesKept(
    [
      { op: "rename", path: "a.part", to: "run/a" },
      { op: "sync", path: "." },
      { op: "sync", path: "run" },
      { op: "rename", path: "a.part", to: "run/a" },
    ],
    /^run\/a$/,
  );
  expect([0, 1, 2, 3, 4].map(kept)).toEqual([0, 0, 0, 1, 1]);
});

test("a sample is the same for the same seed, in order, and all of a few", () => {
  const items = Array.from({ length: 100 }, (_, i) => i);
  const drawn = sample(items, 5, 3);
  expect(drawn).toEqual(sample(items, 5, 3));
  expect(drawn).toEqual([...drawn].sort((a, b) => a - b));
  expect(drawn).not.toEqual(sample(items, 5, 4));
  expect(sample([1, 2], 5, 3)).toEqual([1, 2]);
});
