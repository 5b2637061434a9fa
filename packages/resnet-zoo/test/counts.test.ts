import { expect, test } from "vitest";
import { describeNetwork } from "../src/index.ts";

// arXiv 2003.00152v2, Table 1; the exact figures follow from the architecture and round to the table's.
const counts: [name: string, batchNorm: number, output: number, shortcut: number, total: number][] =
  [
    ["cifar-resnet-14", 1_120, 650, 2_560, 175_258],
    ["cifar-resnet-32", 2_464, 650, 2_560, 466_906],
    ["cifar-resnet-56", 4_256, 650, 2_560, 855_770],
    ["cifar-resnet-110", 8_288, 650, 2_560, 1_730_714],
    ["cifar-resnet-218", 16_352, 650, 2_560, 3_480_602],
    ["cifar-resnet-434", 32_480, 650, 2_560, 6_980_378],
    ["cifar-resnet-866", 64_736, 650, 2_560, 13_979_930],
    ["cifar-resnet-14-1", 1_120, 650, 2_560, 175_258],
    ["cifar-resnet-14-2", 2_240, 1_290, 10_240, 696_618],
    ["cifar-resnet-14-4", 4_480, 2_570, 40_960, 2_777_674],
    ["cifar-resnet-14-8", 8_960, 5_130, 163_840, 11_093_130],
    ["cifar-resnet-14-16", 17_920, 10_250, 655_360, 44_337_418],
    ["cifar-resnet-14-32", 35_840, 20_490, 2_621_440, 177_279_498],
    ["imagenet-resnet-18", 9_600, 513_000, 172_032, 11_689_512],
    ["imagenet-resnet-34", 17_024, 513_000, 172_032, 21_797_672],
    ["imagenet-resnet-50", 53_120, 2_049_000, 2_768_896, 25_557_032],
    ["imagenet-resnet-101", 105_344, 2_049_000, 2_768_896, 44_549_160],
    ["imagenet-resnet-152", 151_424, 2_049_000, 2_768_896, 60_192_808],
    ["imagenet-resnet-200", 176_000, 2_049_000, 2_768_896, 64_673_832],
  ];

test.each(counts)(
  "%s: parameter counts are the paper's",
  (name, batchNorm, output, shortcut, total) => {
    expect(describeNetwork(name).parameters).toEqual({ total, batchNorm, output, shortcut });
  },
);

test("cifar-resnet-20: total is that of the authors' own test", () => {
  expect(describeNetwork("cifar-resnet-20").parameters.total).toBe(272_474);
});

test.each([
  ["cifar-resnet-14", 26.7],
  ["cifar-resnet-110", 253],
  ["cifar-resnet-14-32", 26_900],
  // torchvision's own figures.
  ["imagenet-resnet-18", 1_814],
  ["imagenet-resnet-50", 4_089],
])("%s: %d million multiply-accumulates per image", (name, millions) => {
  expect(describeNetwork(name).macs / 1e6 / millions).toBeCloseTo(1, 2);
});
