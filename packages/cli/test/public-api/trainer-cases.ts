import type { Network, Parameter } from "@bn-only/frozen-layers";
import * as trainer from "@bn-only/trainer";
import * as worker from "@bn-only/trainer/worker";
import { analysisCases } from "./analysis-cases.ts";
import { call, type Case, type Cases, type Place } from "./case.ts";
import {
  parameterWithValue,
  tinyBatch,
  tinyDefinition,
  tinyNetwork,
  tinySource,
} from "./fixtures.ts";

const schedule = (make: trainer.Schedule): number[] => [make(0, 10), make(9, 10)];

const tinyArchitecture: trainer.ModelArchitecture = {
  family: "tiny",
  parse: (name) => (name === tinyDefinition().name ? {} : undefined),
  build: () => tinyDefinition().layer,
  defaults: { inputShape: tinyDefinition().inputShape },
};

async function trainedState(): Promise<trainer.TrainingState> {
  let state: trainer.TrainingState | undefined;
  const network = tinyNetwork();
  await trainer.train({
    network,
    data: { train: tinySource() },
    epochs: 1,
    callbacks: [
      trainer.checkpoint({ every: "1epoch", save: (_bytes, saved) => void (state = saved) }),
    ],
  });
  network.dispose();
  return state!;
}

async function training(): Promise<trainer.TrainOptions> {
  return {
    network: tinyNetwork(),
    data: { train: tinySource(), test: tinySource() },
    condition: "bn",
    fixedStatistics: [],
    epochs: 1,
    batchSize: 4,
    optimizer: trainer.sgd() as unknown as trainer.Optimizer,
    schedule: trainer.constant(0.1),
    callbacks: [() => undefined, { name: "mine", on: () => undefined }],
    signal: new AbortController().signal,
  };
}

/** A large number of epochs takes its time. */
function epochs(place: Place, wrong: string): boolean {
  return place.at(-1) === "epochs" && ["2^53 - 1", "anything"].includes(wrong);
}

async function savedModel(): Promise<Uint8Array> {
  const network = tinyNetwork("bn");
  try {
    return await trainer.saveModel(network);
  } finally {
    network.dispose();
  }
}

function trainingParameter(): Parameter {
  const parameter = parameterWithValue();
  parameter.trainable = true;
  return parameter;
}

function optimizerCases(make: (options?: never) => unknown, args: () => [object]): Case[] {
  return [
    call(make, args, { options: [[0]] }),
    call(
      (step: trainer.OptimizerStep) => {
        const network = tinyNetwork("bn");
        const learner = trainer.Learner.of(network, make() as unknown as trainer.Optimizer)!;
        try {
          trainer.trainingStep(network, tinyBatch(), learner, step).dispose();
        } finally {
          learner.dispose();
          network.dispose();
        }
      },
      () => [{ learningRate: 0.1, step: 1 }],
      { name: "step" },
    ),
  ];
}

/** Ends at once, whatever it is asked. */
function answering(): trainer.Messages {
  const { port1, port2 } = new MessageChannel();
  port2.addEventListener("message", ({ data: { run } }) => {
    port2.postMessage({ type: "bn-only/failed", run, message: "asked" });
  });
  port2.start();
  return port1;
}

export const workerCases: Cases = {
  trainInWorker: call(
    worker.trainInWorker,
    () => [
      answering(),
      { epochs: 1 },
      { onEvent: () => undefined, signal: new AbortController().signal, timeout: 1000 },
    ],
    { fails: true, options: [[2]] },
  ),
};

export const trainerCases: Cases = {
  serveTraining: call(
    (...args: Parameters<typeof trainer.serveTraining>) => trainer.serveTraining(...args)(),
    () => [() => training(), new MessageChannel().port1],
  ),
  ...analysisCases,
  averageParameters: [
    call(trainer.averageParameters, () => [{ decay: 0.9 }], { options: [[0]] }),
    call(
      (network: Network) => trainer.averageParameters().apply(network),
      () => [tinyNetwork()],
      {
        name: "apply",
      },
    ),
  ],
  checkpoint: call(trainer.checkpoint, () => [{ every: { steps: 1 }, save: () => undefined }], {
    options: [[0]],
  }),
  earlyStop: call(trainer.earlyStop, () => [{ patience: 1, metric: "testLoss", minDelta: 0 }], {
    options: [[0]],
  }),
  parseEvery: call(trainer.parseEvery, () => ["5min"]),
  conditionSelection: call(trainer.conditionSelection, () => ["random-2", tinyNetwork()]),
  isCondition: call(trainer.isCondition, () => ["bn"]),
  evaluate: call(
    trainer.evaluate,
    () => [tinyNetwork(), tinySource(), { batchSize: 4, signal: new AbortController().signal }],
    { options: [[2]] },
  ),
  Learner: call(
    (...args: ConstructorParameters<typeof trainer.Learner>) => new trainer.Learner(...args),
    () => [[trainingParameter()], trainer.sgd() as unknown as trainer.Optimizer],
  ),
  "Learner.of": call(trainer.Learner.of, () => [
    tinyNetwork("bn"),
    trainer.adam() as unknown as trainer.Optimizer,
  ]),
  "Learner.assertSame": call(trainer.Learner.assertSame, () => [tinyNetwork(), undefined]),
  readModel: call(trainer.readModel, async () => [await savedModel()]),
  restoreModel: call(trainer.restoreModel, async () => [
    tinyNetwork("bn"),
    trainer.readModel(await savedModel()),
  ]),
  loadModel: call(
    trainer.loadModel,
    async () => [await savedModel(), { architectures: [tinyArchitecture] }],
    { options: [[1]] },
  ),
  checkModel: call(trainer.checkModel, async () => [
    trainer.readModel(await savedModel()),
    tinyDefinition(),
  ]),
  rebuildModel: call(trainer.rebuildModel, async () => [
    trainer.readModel(await savedModel()),
    tinyDefinition(),
  ]),
  exportPyTorch: call(trainer.exportPyTorch, () => [
    tinyNetwork(),
    { by: "me" },
    (path: string) => path,
  ]),
  withChecksum: call(trainer.withChecksum, () => [
    {
      metadata: new Map([["a", "b"]]),
      tensors: new Map([["t", { shape: [1], values: Float32Array.of(1) }]]),
    },
  ]),
  assertSavable: call(trainer.assertSavable, () => [tinyNetwork("bn"), { by: "me" }]),
  saveModel: call(trainer.saveModel, () => [tinyNetwork("bn"), { by: "me" }]),
  decodeSafetensors: call(trainer.decodeSafetensors, () => [
    trainer.encodeSafetensors({ metadata: new Map(), tensors: new Map() }),
  ]),
  encodeSafetensors: call(trainer.encodeSafetensors, () => [
    {
      metadata: new Map([["a", "b"]]),
      tensors: new Map([["t", { shape: [1], values: Float32Array.of(1) }]]),
    },
  ]),
  adam: optimizerCases(trainer.adam, () => [
    { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0 },
  ]),
  adamw: optimizerCases(trainer.adamw, () => [
    { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0 },
  ]),
  sgd: optimizerCases(trainer.sgd, () => [{ momentum: 0.9, weightDecay: 0, nesterov: true }]),
  constant: call(
    (rate: number) => schedule(trainer.constant(rate)),
    () => [0.1],
  ),
  cosine: call(
    (options: trainer.CosineOptions) => schedule(trainer.cosine(options)),
    () => [{ learningRate: 0.1, end: 0 }],
    { options: [[0]] },
  ),
  milestones: call(
    (options: trainer.MilestonesOptions) => schedule(trainer.milestones(options)),
    () => [
      { learningRate: 0.1, at: [0.5, 0.75], factor: 0.1 },
      // A learning rate that is no number is told in training.
    ],
    { options: [[0]], spare: (place, wrong) => place.at(-1) === "factor" && wrong === "1e300" },
  ),
  warmup: call(
    (then: trainer.Schedule, length: number) => schedule(trainer.warmup(then, length)),
    () => [trainer.constant(0.1), 2],
    // A schedule that gives no number is told in training.
    { spare: ([argument], wrong) => argument === 0 && wrong.startsWith("function") },
  ),
  decodeState: call(trainer.decodeState, async () => [trainer.encodeState(await trainedState())]),
  encodeState: call(trainer.encodeState, async () => [await trainedState()]),
  train: [
    call(trainer.train, async () => [await training()], {
      options: [[0], [0, "data"]],
      spare: epochs,
    }),
    call(
      trainer.train,
      async () => [{ ...(await training()), condition: { select: ["bn", "head"] }, epochs: 2 }],
      { name: "select", spare: epochs },
    ),
    call(
      trainer.train,
      async () => [
        {
          network: tinyNetwork(),
          data: { train: tinySource() },
          epochs: 1,
          resume: await trainedState(),
        },
      ],
      { name: "resume", spare: epochs },
    ),
  ],
  lossAndGradients: call(trainer.lossAndGradients, () => [tinyNetwork("bn"), tinyBatch()]),
  trainingStep: call(trainer.trainingStep, () => [
    tinyNetwork("bn"),
    tinyBatch(),
    undefined,
    { learningRate: 0.1, step: 1 },
  ]),
};
