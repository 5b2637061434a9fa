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
    ["cifar-vgg-11", 5_504, 5_130, 0, 9_231_114],
    ["cifar-vgg-13", 5_888, 5_130, 0, 9_416_010],
    ["cifar-vgg-16", 8_448, 5_130, 0, 14_728_266],
    ["cifar-vgg-19", 11_008, 5_130, 0, 20_040_522],
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

// 8, 16 and 32 channels, layer by layer: the stem, 12 convolutions of blocks, 2 shortcuts, 280 features, the head.
test("cifar-resnet-14-c8: counts by hand, and c16 is the paper's own", () => {
  const convolutions = 216 + 4 * 576 + (1_152 + 3 * 2_304 + 128) + (4_608 + 3 * 9_216 + 512);
  expect(describeNetwork("cifar-resnet-14-c8").parameters).toEqual({
    total: convolutions + 560 + 330,
    batchNorm: 560,
    output: 330,
    shortcut: 640,
  });
  expect(describeNetwork("cifar-resnet-14-c16").parameters.total).toBe(175_258);
});

// torchvision's own figure.
test("mobilenet-v2: counts are torchvision's", () => {
  expect(describeNetwork("mobilenet-v2").parameters).toMatchObject({
    total: 3_504_872,
    output: 1_281_000,
  });
});

/** The sums of arXiv 1608.06993, section 3, written out once more: BC with 2k channels at first and θ = 0.5. */
function denseNetParameters(depth: number, growth: number): { total: number; batchNorm: number } {
  let [channels, convolutions, batchNorm] = [2 * growth, 27 * 2 * growth, 0];
  for (let block = 0; block < 3; block++) {
    for (let layer = 0; layer < (depth - 4) / 6; layer++) {
      convolutions += channels * 4 * growth + 9 * 4 * growth * growth;
      batchNorm += 2 * channels + 2 * 4 * growth;
      channels += growth;
    }
    batchNorm += 2 * channels;
    if (block === 2) continue;
    convolutions += channels * Math.floor(channels / 2);
    channels = Math.floor(channels / 2);
  }
  return { total: convolutions + batchNorm + 11 * channels - channels + 10, batchNorm };
}

// Table 2 of the paper has them in millions.
test.each([
  [100, 12, 0.8],
  [250, 24, 15.3],
  [190, 40, 25.6],
])(
  "cifar-densenet-%d-%d: %d million parameters, by the paper's sums",
  (depth, growth, millions) => {
    const { parameters } = describeNetwork(`cifar-densenet-${depth}-${growth}`);
    expect(parameters).toMatchObject(denseNetParameters(depth, growth));
    expect((parameters.total / 1e6).toFixed(1)).toBe(String(millions));
  },
);

test("mlp: counts by hand", () => {
  expect(describeNetwork("mlp-3-100", { inputShape: [28, 28, 1] }).parameters).toEqual({
    total: 784 * 100 + 100 * 100 + 2 * 200 + 1010,
    batchNorm: 400,
    output: 1010,
    shortcut: 0,
  });
});

test.each([
  ["cifar-resnet-14", 26.7],
  ["cifar-resnet-110", 253],
  ["cifar-resnet-14-32", 26_900],
  // torchvision's own figures.
  ["imagenet-resnet-18", 1_814],
  ["imagenet-resnet-50", 4_089],
  // Table 4 of its paper.
  ["mobilenet-v2", 300],
])("%s: %d million multiply-accumulates per image", (name, millions) => {
  expect(describeNetwork(name).macs / 1e6 / millions).toBeCloseTo(1, 2);
});
