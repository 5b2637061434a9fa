import { describe, expect, test } from "vitest";
import {
  canonicalJson,
  folderName,
  hashOf,
  trainArguments,
} from "../../src/reproduce/configuration.ts";
import { configurationsOf } from "../../src/reproduce/figure-spec.ts";
import { specOf } from "../../src/reproduce/scales.ts";

const [configuration] = configurationsOf({
  ...specOf("curves", { scale: "paper" }),
  runs: [{ networks: ["cifar-resnet-14"], conditions: ["bn"] }],
});

describe("the hash of a configuration", () => {
  // Of `printf '%s' '{"augment":true,"backend":"wasm",…}' | sha256sum`; folders of earlier runs have it in their names.
  test("of the paper's ResNet-14 never changes", () => {
    expect(canonicalJson(configuration)).toBe(
      '{"augment":true,"backend":"wasm","batchNormInit":"uniform","batchSize":128,"checkpointedStages":0,"condition":"bn",' +
        '"dataset":"cifar10","epochs":160,"fma":true,"learningRate":0.1,"momentum":0.9,"network":"cifar-resnet-14",' +
        '"normalization":"imagenet","optimizer":"sgd","schedule":"milestones","seed":0,"weightDecay":0.0001,"weightInit":"kaimingNormal"}',
    );
    expect(folderName(configuration!)).toBe("cifar-resnet-14-bn-seed0-f6c51eb1ab16");
  });

  test("does not depend on the order of members, nor on those that are undefined", () => {
    const turned = Object.fromEntries(Object.entries(configuration!).toReversed());
    expect(hashOf({ ...turned, trainSize: undefined } as never)).toBe(hashOf(configuration!));
    expect(hashOf({ ...configuration!, seed: 1 })).not.toBe(hashOf(configuration!));
  });
});

test("the hash of a configuration is the same wherever its data lie", () => {
  expect(hashOf({ ...configuration!, dataDir: "/data" })).toBe(hashOf(configuration!));
  const ofFolder = (path: string): string =>
    hashOf({ ...configuration!, dataset: `folder:${path}` });
  expect(ofFolder("/data/birds/")).toBe(ofFolder("./birds"));
  expect(ofFolder("/data/birds")).not.toBe(ofFolder("/data/trees"));
});

test("a folder's name has no characters of paths", () => {
  const named = folderName({ ...configuration!, condition: "stage3/**+head" });
  expect(named).toMatch(/^cifar-resnet-14-stage3_\+head-seed0-[0-9a-f]{12}$/);
});

test("the command line says every option", () => {
  expect(
    trainArguments({
      ...configuration!,
      augment: false,
      fma: false,
      nesterov: true,
      inputShape: [16, 16, 3],
    }).join(" "),
  ).toBe(
    "train cifar-resnet-14 --dataset cifar10 --normalization imagenet --epochs 160 --batch-size 128 --optimizer sgd --learning-rate 0.1 " +
      "--momentum 0.9 --weight-decay 0.0001 --schedule milestones --weight-init kaimingNormal --batch-norm-init uniform --checkpointed-stages 0 " +
      "--backend wasm --condition bn --seed 0 --input-shape 16x16x3 --no-augment --nesterov --no-fma",
  );
});
