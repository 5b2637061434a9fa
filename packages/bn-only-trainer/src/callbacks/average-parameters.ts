import {
  disposingOnError,
  type Network,
  type Parameter,
  runOp,
  scalarIndices,
  scatterScalarsOp,
} from "@bn-only/frozen-layers";
import { reshape, type Tensor, tensor, tensor1d, tidy } from "@tensorflow/tfjs-core";
import { assertNames, assertNetwork } from "../check.ts";
import { InvalidOptionError } from "../errors.ts";
import { assertOptions, fraction } from "../options.ts";
import { trainedOf } from "../partial-values.ts";
import type { NamedCallback } from "../types.ts";

/** Options of `averageParameters`: the average reaches back over about `1 / (1 − decay)` steps. */
export interface AverageParametersOptions {
  /** Weight of what was averaged before. Default 0.999. */
  readonly decay?: number | undefined;
}

/** What `averageParameters` makes. It reads all that trains after every step, which a GPU has to wait for. */
export interface AverageParameters extends NamedCallback {
  /**
   * Writes the averages into the network's trainable parameters; a training that goes on goes on from
   * them. Running statistics stay as they are.
   *
   * @throws InvalidOptionError when there was no step yet, or for another network's parameters.
   */
  apply(network: Network): void;
}

/**
 * An exponential moving average of all that trains: `average ← decay · average + (1 − decay) · value` after
 * every step, from the values after the first one on (Polyak & Juditsky 1992). Training itself does not
 * see it; `apply` puts it into the network. The averages are part of the training state.
 *
 * @throws InvalidOptionError for a decay out of range.
 */
export function averageParameters(options: AverageParametersOptions = {}): AverageParameters {
  assertNames("averageParameters", options, { decay: true });
  const { decay = 0.999 } = options;
  assertOptions("averageParameters", { decay }, { decay: fraction });
  const averages = new Map<string, Float32Array>();

  async function follow({ path, value, trainableIndices }: Parameter): Promise<void> {
    const values = trainedOf(await value.data<"float32">(), trainableIndices);
    const average = averages.get(path);
    if (average === undefined) averages.set(path, values.slice());
    else values.forEach((number, i) => (average[i] = decay * average[i]! + (1 - decay) * number));
  }

  return {
    // Averages of another decay are others.
    name: `averageParameters ${decay}`,
    async on(event, { network }) {
      if (event.event === "start" && event.resumedAt === undefined) averages.clear();
      if (event.event !== "step") return;
      for (const parameter of network.trainable) await follow(parameter);
    },
    capture: () => new Map([...averages].map(([path, values]) => [path, values.slice()])),
    restore(entries) {
      averages.clear();
      for (const [path, values] of entries) averages.set(path, values.slice());
    },
    apply(network) {
      assertNetwork("averageParameters", network);
      for (const { path, trainableSize } of network.trainable) {
        if (averages.get(path)?.length === trainableSize) continue;
        throw new InvalidOptionError(
          `averageParameters: there is no average of "${path}" yet. Apply it to the network that it was given, after a step.`,
        );
      }
      const values = disposingOnError(() =>
        network.trainable.map((parameter) => replaced(parameter, averages.get(parameter.path)!)),
      );
      network.trainable.forEach((parameter, i) => parameter.set(values[i]!));
    },
  };
}

/** A parameter's value with those numbers replaced that train; nothing is read, which WebGPU could not do at once. */
function replaced(
  { value, shape, size, trainableIndices }: Parameter,
  average: Float32Array,
): Tensor {
  if (trainableIndices === undefined) return tensor(average.slice(), [...shape]);
  return tidy(() => {
    const inputs = {
      values: reshape(value, [size]),
      indices: scalarIndices(trainableIndices, size),
      updates: tensor1d(average.slice()),
    };
    return reshape(runOp(scatterScalarsOp, inputs, {}).output, [...shape]);
  });
}
