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

test("didYouMean ends the sentence either way", () => {
  expect(`no "trian"${didYouMean("trian", commands)}`).toBe('no "trian"; did you mean "train"?');
  expect(`no "frob"${didYouMean("frob", commands)}`).toBe('no "frob".');
});
