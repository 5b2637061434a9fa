import { describeNetwork } from "@bn-only/resnet-zoo";
import { describe, expect, test } from "vitest";
import { cifar10Accuracies } from "../../src/reproduce/published/cifar10.ts";
import { gammaShares, imagenetAccuracies } from "../../src/reproduce/published/others.ts";
import { findPublished } from "../../src/reproduce/published/published.ts";

const all = [...cifar10Accuracies, ...imagenetAccuracies, ...gammaShares];

describe("published numbers", () => {
  test("12 networks under 6 conditions, and what the text gives; each once", () => {
    expect(cifar10Accuracies).toHaveLength(12 * 6 + 1);
    const keys = all.map(({ quantity, network, condition, alternateInit }) =>
      [quantity, network, condition, alternateInit].join(" "),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  test.each(all)(
    "$quantity of $network, $condition: lies in its interval, of a network that exists",
    (value) => {
      expect(value.low).toBeLessThanOrEqual(value.value);
      expect(value.high).toBeGreaterThanOrEqual(value.value);
      expect(value.source).not.toMatch(/\[|\]/);
      expect(describeNetwork(value.network).name).toBe(value.network);
    },
  );

  test("those of the zoo are the same", () => {
    const known = cifar10Accuracies.filter((one) => !one.alternateInit);
    for (const [condition, name] of [
      ["bn", "batchNormOnly"],
      ["all", "allParameters"],
    ] as const) {
      const same = findPublished(known, { condition });
      const ours = same.map(({ network, value }) => [network, value]);
      expect(ours).toEqual(
        same.map(({ network }) => [network, describeNetwork(network).published?.[name]]),
      );
    }
  });

  test("82 % of ResNet-866 is the abstract's, not the figure's", () => {
    const [deepest, ...others] = findPublished(cifar10Accuracies, {
      network: "cifar-resnet-866",
      condition: "bn",
      certainty: "stated",
    });
    expect(others).toEqual([]);
    expect(deepest).toMatchObject({ value: 82, low: 82, high: 83.5 });
  });
});
