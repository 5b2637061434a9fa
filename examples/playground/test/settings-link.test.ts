import { expect, test } from "vitest";
import { LinkError } from "../src/link/error.ts";
import { decodeSettings, encodeSettings } from "../src/link/settings-link.ts";
import { defaults, type Settings } from "../src/settings.ts";

const long: Settings = {
  data: "cifar10",
  side: 48,
  trainSize: 50_000,
  depth: 56,
  width: 4,
  condition: "random-2",
  versus: "random-2",
  optimizer: "adam",
  learningRate: 0.0123456789,
  epochs: 200,
  batchSize: 1024,
  seed: 2 ** 32,
};

test("settings: the text of version 1 stays as it is", () => {
  expect(encodeSettings(defaults)).toBe("s1=shapes,24,1200,14,1,bn,nothing,adam,0.03,12,32,0");
});

test("settings: what a link says is what was put into it", () => {
  for (const settings of [defaults, long]) {
    expect(decodeSettings(encodeSettings(settings))).toEqual(settings);
  }
});

test("settings: the longest link has fewer than 200 characters with the page's address", () => {
  const address = "https://an-organisation-of-mine.github.io/bn-only/playground/#";
  expect((address + encodeSettings(long)).length).toBeLessThan(200);
});

test.each([
  ["s2=shapes", "version 2"],
  ["s1=shapes,24", "2 settings"],
  ["", "no settings"],
  ["q1=1", "no settings"],
  ["s1=shapes,24,1200,14,1,bn,nothing,adam,0.03,12,32,-1", "Seed must be"],
  ["s1=shapes,24,1e9,14,1,bn,nothing,adam,0.03,12,32,0", "Training images must be"],
  ["s1=shapes,24,,14,1,bn,nothing,adam,0.03,12,32,0", "Training images must be"],
  ["s1=shapes,24,1200,15,1,bn,nothing,adam,0.03,12,32,0", "Depth must be one of"],
  ["s1=shapes,24,1200,14,1,__proto__,nothing,adam,0.03,12,32,0", "What trains must be one of"],
  ["s1=shapes,24,1200,14,1,bn,nothing,adam,NaN,12,32,0", "Learning rate must be"],
  ["s1=shapes,24,1200,14,1,bn,nothing,adam,0.03,12.5,32,0", "Epochs must be a whole number"],
])("settings: %s is refused by name", (fragment, words) => {
  expect(() => decodeSettings(fragment)).toThrow(LinkError);
  expect(() => decodeSettings(fragment)).toThrow(words);
});
