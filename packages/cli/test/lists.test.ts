import { expect, test } from "vitest";
import { run } from "./support/io.ts";

test("networks --json: one array with the paper's table", async () => {
  const { code, out } = await run(["networks", "--json"]);
  expect(code).toBe(0);
  const networks = JSON.parse(out) as { name: string; parameters: Record<string, number> }[];
  // arXiv 2003.00152v1, appendix: total, BatchNorm, output and shortcut parameters.
  const paper: [string, number, number, number, number][] = [
    ["cifar-resnet-14", 175_258, 1_120, 650, 2_560],
    ["cifar-resnet-32", 466_906, 2_464, 650, 2_560],
    ["cifar-resnet-56", 855_770, 4_256, 650, 2_560],
    ["cifar-resnet-110", 1_730_714, 8_288, 650, 2_560],
    ["cifar-resnet-218", 3_480_602, 16_352, 650, 2_560],
    ["cifar-resnet-434", 6_980_378, 32_480, 650, 2_560],
    ["cifar-resnet-866", 13_979_930, 64_736, 650, 2_560],
    ["cifar-resnet-14-1", 175_258, 1_120, 650, 2_560],
    ["cifar-resnet-14-2", 696_618, 2_240, 1_290, 10_240],
    ["cifar-resnet-14-4", 2_777_674, 4_480, 2_570, 40_960],
    ["cifar-resnet-14-8", 11_093_130, 8_960, 5_130, 163_840],
    ["cifar-resnet-14-16", 44_337_418, 17_920, 10_250, 655_360],
    ["cifar-resnet-14-32", 177_279_498, 35_840, 20_490, 2_621_440],
  ];
  const counted = networks.map(({ name, parameters: { total, batchNorm, output, shortcut } }) => [
    name,
    total,
    batchNorm,
    output,
    shortcut,
  ]);
  expect(counted).toEqual(expect.arrayContaining(paper));
  expect(networks[0]).toMatchObject({
    family: "cifar-resnet",
    inputShape: [32, 32, 3],
    classes: 10,
    macs: expect.any(Number),
  });
});

test("networks: every line fits into a terminal", async () => {
  const { out } = await run(["networks"]);
  expect(out.split("\n").filter((line) => line.length > 100)).toEqual([]);
});

test("networks: a pattern, and a name that the paper does not have", async () => {
  const { out } = await run(["networks", "cifar-resnet-14-*", "--json"]);
  expect((JSON.parse(out) as unknown[]).length).toBe(6);
  const other = await run(["networks", "cifar-resnet-20"]);
  expect(other.out).toMatch(/^cifar-resnet-20 +272,474 +1,568 +0\.58 % +41 M {2}-$/m);
});

test("datasets: for people and for programs", async () => {
  expect((await run(["datasets"])).out).toContain(
    "50,000 training and 10,000 test images of 32x32x3",
  );
  const { out } = await run(["datasets", "--json"]);
  expect(JSON.parse(out)).toMatchObject([
    { name: "cifar10" },
    { name: "cifar100" },
    { name: "mnist" },
    { name: "fashion-mnist" },
    { name: "synthetic", download: false },
  ]);
});

test("doctor: says which backends work, and what auto chooses", async () => {
  const { code, out } = await run(["doctor"]);
  expect(code).toBe(0);
  expect(out).toMatch(/^works +cpu: /m);
  expect(out).toMatch(/^auto chooses \w+\.$/m);
  const findings = JSON.parse((await run(["doctor", "--json"])).out) as Record<string, unknown>;
  expect(findings).toMatchObject({
    versions: { node: process.versions.node },
    machine: { cores: expect.any(Number), freeDisk: expect.any(Number) },
    backends: expect.arrayContaining([expect.objectContaining({ name: "cpu", available: true })]),
  });
});
