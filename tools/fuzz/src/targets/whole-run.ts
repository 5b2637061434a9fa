// The files of a run that has finished, from which mutations start.

export const run = {
  status: "finished",
  network: "cifar-resnet-8",
  options: {
    condition: "bn",
    epochs: 2,
    batchSize: 20,
    learningRate: 0.1,
    momentum: 0.9,
    optimizer: "sgd",
    schedule: "milestones",
    weightDecay: 0.0001,
    dataset: "synthetic",
    augment: true,
    seed: 0,
    weightInit: "kaimingNormal",
    batchNormInit: "uniform",
    checkpointedStages: 0,
    backend: "wasm",
    fma: true,
    checkpointEvery: "5min",
    report: true,
    inputShape: [8, 8, 3],
    trainSize: 40,
    testSize: 12,
    normalization: "imagenet",
    plugin: ["./a.js"],
  },
  workingFolder: "/somewhere",
  started: "2026-11-26T22:49:08.491Z",
  versions: {
    bnOnly: "0.1.0",
    tfjs: "4.22.0",
    node: "20.20.2",
  },
  machine: {
    cpu: "a CPU",
    cores: 2,
    platform: "linux",
  },
  result: {
    event: "result",
    testAccuracy: 0.08333333333333333,
    testLoss: 2.331995964050293,
    trainableParameters: 672,
    totalParameters: 78042,
    modelBytes: 8936,
    seconds: 3,
    imagesPerSecond: 100.5,
    backend: "wasm",
    seed: 0,
    network: "cifar-resnet-8",
    condition: "bn",
    out: "run",
  },
};

export const epoch = {
  event: "epoch",
  epoch: 0,
  trainLoss: 2,
  trainAccuracy: 0.2,
  testLoss: 2,
  testAccuracy: 0.2,
  learningRate: 0.1,
  seconds: 1,
  imagesPerSecond: 100,
};

export const record = {
  network: {
    macs: 1_000_000,
    batchNormParameters: 500,
    published: { batchNormOnly: 68.6, source: "the paper" },
  },
  classes: ["a", "b"],
  trainImages: 640,
  gammaBefore: [0.1, 0.5, 0.9],
  gammaAfter: [0.001, 0.5, 1.2],
  shown: [{ png: "iVBORw0KGgo=", label: 0, prediction: 1 }],
};

export const step = {
  event: "step",
  epoch: 1,
  step: 5,
  loss: 2.5,
  accuracy: 0.1,
  learningRate: 0.1,
};
