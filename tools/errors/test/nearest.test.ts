import { assert, constantFrom, property, string } from "fast-check";
import { expect, test } from "vitest";
import { didYouMean, nearest } from "../src/index.ts";

const commands = ["train", "resume", "evaluate", "report", "networks", "datasets", "doctor"];
const datasets = ["cifar10", "cifar100", "mnist", "fashion-mnist", "synthetic"];
const options = ["seed", "learningRate", "inputShape", "weightDecay", "batchSize", "momentum"];

test.each([
  ["TRIAN", commands, "train"],
  ["eval", commands, "evaluate"],
  ["network", commands, "networks"],
  ["cifar-10", datasets, "cifar10"],
  ["CIFAR_1000", datasets, "cifar100"],
  ["minst", datasets, "mnist"],
  ["fashion_mnist", datasets, "fashion-mnist"],
  ["lr", options, "learningRate"],
  ["inputshape", options, "inputShape"],
  ["weight_decay", options, "weightDecay"],
  ["decay", options, "weightDecay"],
  ["seeed", options, "seed"],
  ["r-9", ["r-14", "r-8", "r-110"], "r-8"],
  ["r-12", ["r-14", "r-8", "r-110"], "r-14"],
])("%j may be %j: %s", (typed, known, expected) => {
  expect(nearest(typed, known)).toBe(expected);
});

test.each([
  ["frob", commands],
  ["", commands],
  ["x", options],
  ["imagenet", datasets],
  ["__proto__", options],
  ["q".repeat(1e6), options],
  [undefined, options],
  [7, options],
  ["train", []],
])("%j is near nothing", (typed, known) => {
  expect(nearest(typed, known)).toBeUndefined();
});

test("any text: what is near is one of the names, a name is nearest to itself, and nothing throws", () => {
  const names = [...commands, ...datasets, ...options];
  assert(
    property(string(), constantFrom(...names), (typed, name) => {
      const found = nearest(typed, names);
      expect(found === undefined || names.includes(found)).toBe(true);
      expect(nearest(name, names)).toBe(name);
      expect(nearest(name.toUpperCase(), [name])).toBe(name);
    }),
    { seed: 9 },
  );
});

test("didYouMean ends the sentence either way", () => {
  expect(`no "trian"${didYouMean("trian", commands)}`).toBe('no "trian"; did you mean "train"?');
  expect(`no "frob"${didYouMean("frob", commands)}`).toBe('no "frob".');
});
