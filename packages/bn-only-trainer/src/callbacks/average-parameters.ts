import type { Network, Parameter } from "@bn-only/frozen-layers";
import { assertNames, assertNetwork } from "../check.ts";
import { InvalidOptionError } from "../errors.ts";
import { assertOptions, fraction } from "../options.ts";
import { trainedOf, withTrained } from "../partial-values.ts";
import { setValues } from "../set-values.ts";
import type { NamedCallback } from "../types.ts";

export interface AverageParametersOptions {
  /** Weight of what was averaged before. Default 0.999. */
  readonly decay?: number | undefined;
}

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
      setValues(
        new Map(
          network.trainable.map((parameter) => {
            const { path, trainableIndices, value } = parameter;
            const average = averages.get(path)!;
            // Read only where a part trains: WebGPU in Node cannot read at once.
            const values = trainableIndices ? value.dataSync<"float32">() : average;
            return [parameter, withTrained(values, average, trainableIndices)];
          }),
        ),
      );
    },
  };
}
