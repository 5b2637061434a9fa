import {
  disposingOnError,
  Network,
  type NetworkDefinition,
  runOp,
  sgdOp,
  softmaxCrossEntropyOp,
  trainingPass,
} from "@bn-only/frozen-layers";
import { keep, type Tensor, tensor, type Tensor1D, tensor1d, zeros } from "@tensorflow/tfjs-core";

/** What one trial trains, and on what: gamma and beta of a small network, by SGD with momentum. */
export interface TrialOptions {
  readonly definition: NetworkDefinition;
  readonly batchSize: number;
  readonly learningRate: number;
}

/** A small training on the current backend. */
export interface Trial {
  /** Takes one step and gives the loss before it. */
  step(): Promise<number>;
  dispose(): void;
}

const MOMENTUM = 0.9;
const WEIGHT_DECAY = 0.001;

/** Weights, images and labels are the same everywhere: `tools/goldens/self_test.py` has them too. */
export function startTrial({ definition, batchSize, learningRate }: TrialOptions): Trial {
  const network = new Network(definition, { seed: 1 });
  network.setTrainable("bn");
  const shape = [batchSize, ...definition.inputShape];
  const pixels = shape.reduce((product, length) => product * length, 1);
  const images = Float32Array.from({ length: pixels }, (_, i) => ((i * 37) % 101) / 50 - 1);
  const classes = Int32Array.from({ length: batchSize }, (_, i) => i % definition.classes);
  const velocities = new Map(
    network.trainable.map((parameter) => [parameter, keep(zeros([parameter.size]))]),
  );
  const attributes = {
    learningRate,
    momentum: MOMENTUM,
    weightDecay: WEIGHT_DECAY,
    nesterov: false,
  };

  /** Forward, backward and update; the loss is the caller's. */
  function take(): Tensor {
    const pass = trainingPass();
    const labels = tensor1d(classes, "int32");
    const input = network.accept(tensor(images, shape));
    const { output: logits, saved } = network.layer.forward(input, pass);
    const { loss, correct, gradient } = runOp(softmaxCrossEntropyOp, { logits, labels }, {});
    [logits, labels, correct].forEach((used) => used.dispose());
    network.layer.backward(saved, gradient, pass);
    pass.statisticsUpdates.forEach((value, statistic) => statistic.set(value));
    for (const [parameter, slope] of pass.gradients) {
      const velocity = velocities.get(parameter)!;
      const inputs = {
        parameters: parameter.value as Tensor1D,
        velocity: velocity as Tensor1D,
        gradient: slope as Tensor1D,
      };
      const next = runOp(sgdOp, inputs, attributes);
      parameter.set(next.parameters);
      velocities.set(parameter, keep(next.velocity));
      [velocity, slope].forEach((used) => used.dispose());
    }
    return loss;
  }

  return {
    async step() {
      const loss = disposingOnError(take);
      const [value] = await loss.data();
      loss.dispose();
      return value!;
    },
    dispose() {
      velocities.forEach((velocity) => velocity.dispose());
      network.dispose();
    },
  };
}
