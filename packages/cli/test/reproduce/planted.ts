import type { StoredRun } from "../../src/reproduce/run-store.ts";
import { configurationsOf, type FigureSpec } from "../../src/reproduce/figure-spec.ts";
import { hashOf, type RunConfiguration } from "../../src/reproduce/configuration.ts";
import { specOf } from "../../src/reproduce/scales.ts";

/** A run that nobody trained, with the accuracy that a test wants. */
function plantedRun(
  configuration: RunConfiguration,
  testAccuracy: number,
  gammas: readonly number[] = [0.5, 0.001, -0.2, 1],
): StoredRun {
  const { network, condition, seed } = configuration;
  const hash = hashOf(configuration);
  return {
    hash,
    folder: `runs/${hash}`,
    configuration,
    modelSha256: "0".repeat(64),
    run: {
      status: "finished",
      network,
      options: { ...configuration, checkpointEvery: "5min", report: false },
      started: "2026-11-27T00:00:00.000Z",
      versions: { bnOnly: "0", tfjs: "4.22.0", node: "20" },
      machine: { cpu: "none", cores: 1, platform: "none" },
      result: {
        event: "result",
        testAccuracy,
        testLoss: 1,
        trainableParameters: 1,
        totalParameters: 10,
        modelBytes: 10_000 + seed,
        seconds: 1,
        imagesPerSecond: 1,
        backend: "wasm",
        seed,
        network,
        condition,
      },
      history: Array.from({ length: configuration.epochs }, (_, epoch) => ({
        event: "epoch" as const,
        epoch,
        trainLoss: 1,
        trainAccuracy: 0.5,
        testLoss: 1,
        testAccuracy: (testAccuracy * (epoch + 1)) / configuration.epochs,
        learningRate: 0.1,
        seconds: 1,
        imagesPerSecond: 1,
      })),
      record: {
        network: { macs: 1, batchNormParameters: 1 },
        classes: ["a", "b"],
        trainImages: 50_000,
        gammaBefore: gammas,
        gammaAfter: gammas,
        shown: [],
      },
    },
  };
}

/** Every run of a figure at a scale, each with the accuracy that a function gives. */
export function plantedRuns(
  figure: FigureSpec["figure"],
  seeds: number,
  accuracyOf: (configuration: RunConfiguration) => number,
): { spec: FigureSpec; runs: StoredRun[] } {
  const spec = specOf(figure, { scale: "paper", seeds, images: "imagenet" });
  return {
    spec,
    runs: configurationsOf(spec).map((one) => plantedRun(one, accuracyOf(one))),
  };
}
