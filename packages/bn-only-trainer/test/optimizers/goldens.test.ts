import { readFileSync } from "node:fs";
import { memory, type Tensor1D, tensor1d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import {
  adam,
  adamw,
  type BackendName,
  constant,
  cosine,
  milestones,
  type Optimizer,
  type OptimizerState,
  type Schedule,
  sgd,
  useBackend,
  warmup,
} from "../../src/index.ts";

// PyTorch in float64: tools/goldens/optimizer_goldens.py.
const goldens = JSON.parse(
  readFileSync(new URL("../fixtures/goldens/optimizers.json", import.meta.url), "utf8"),
) as {
  readonly start: number[];
  readonly A: number[][];
  readonly b: number[];
  readonly parameters: Record<string, Record<string, number[]>>;
  readonly learningRates: Record<string, number[]>;
};
const STEPS = 50;

const schedules: Readonly<Record<string, Schedule>> = {
  constant: constant(0.1),
  milestones: milestones(),
  cosine: cosine({ end: 0.001 }),
  "warmup, then cosine": warmup(cosine(), 5),
};

const optimizers: Readonly<Record<string, Optimizer>> = {
  sgd: sgd() as Optimizer,
  "sgd without momentum": sgd({ momentum: 0, weightDecay: 0.01 }) as Optimizer,
  "sgd with Nesterov": sgd({ weightDecay: 0.01, nesterov: true }) as Optimizer,
  adam: adam() as Optimizer,
  "adam with decay": adam({
    beta1: 0.8,
    beta2: 0.99,
    epsilon: 1e-6,
    weightDecay: 0.05,
  }) as Optimizer,
  adamw: adamw() as Optimizer,
  "adamw with decay": adamw({ beta1: 0.8, beta2: 0.99, weightDecay: 0.2 }) as Optimizer,
};

test.each(Object.keys(schedules))("schedule %s: PyTorch's learning rates", (name) => {
  const rates = Array.from({ length: STEPS }, (_, step) => schedules[name]!(step, STEPS));
  rates.forEach((rate, step) =>
    expect(rate, `step ${step}`).toBeCloseTo(goldens.learningRates[name]![step]!, 12),
  );
});

test("milestones: a share of the steps that rounding puts above a whole number", () => {
  const schedule = milestones({ learningRate: 1, at: [0.55] });
  expect([54, 55].map((step) => schedule(step, 100))).toEqual([1, 0.1]);
});

test("warmup: a share of the steps, and more steps than the run has", () => {
  const rates = (schedule: Schedule): number[] =>
    Array.from({ length: 4 }, (_, step) => schedule(step, 4));
  expect(rates(warmup(constant(1), 0.5))).toEqual([0.5, 1, 1, 1]);
  expect(rates(warmup(constant(1), 9))).toEqual([0.25, 0.5, 0.75, 1]);
  expect(rates(warmup(constant(1), 0))).toEqual([1, 1, 1, 1]);
  expect(() => warmup(constant(1), -1)).toThrow("got -1");
});

describe.each(["cpu", "wasm"] satisfies BackendName[])("optimisers on %s", (backend) => {
  beforeAll(async () => void (await useBackend(backend)));

  test.each(Object.keys(optimizers))("%s: PyTorch's parameters over 50 steps", (name) => {
    const optimizer = optimizers[name]!;
    const expected = goldens.parameters[name]!;
    const before = memory().numTensors;
    let parameters = tensor1d(goldens.start);
    let state: OptimizerState = optimizer.init(parameters);
    for (let step = 1; step <= STEPS; step++) {
      const gradient = tensor1d(gradientAt(parameters.dataSync()));
      const learningRate = schedules["milestones"]!(step - 1, STEPS);
      const next = optimizer.update(state, parameters, gradient, { learningRate, step });
      [gradient, parameters, ...Object.values(state)].forEach((used) => used.dispose());
      ({ parameters, state } = next as { parameters: Tensor1D; state: OptimizerState });
      const actual = parameters.dataSync();
      (expected[step] ?? []).forEach((value, i) =>
        expect(actual[i], `step ${step}, ${i}`).toBeCloseTo(value, 5),
      );
    }
    [parameters, ...Object.values(state)].forEach((used) => used.dispose());
    expect(memory().numTensors).toBe(before);
  });
});

/** `A p − b` */
function gradientAt(p: ArrayLike<number>): number[] {
  return goldens.A.map((row, i) => row.reduce((sum, a, j) => sum + a * p[j]!, -goldens.b[i]!));
}
