import type { Tensor } from "@tensorflow/tfjs-core";
import { assertTensor } from "../check.ts";
import { assertLayer } from "./children.ts";
import { type Layer, needsBackward } from "./layer.ts";

/**
 * The same layer with less memory: it saves its input only and runs `forward` again inside
 * `backward` (Chen et al. 2016, arXiv 1604.06174). Around every √D-th block of a network of depth D
 * the saved activations grow as √D. Paths and parameters stay those of the inner layer.
 */
export function checkpointed<Saved>(inner: Layer<Saved>): Layer<Tensor> {
  assertLayer("checkpointed: the inner layer", inner);
  const layer: Layer<Tensor> = {
    kind: "checkpointed",
    get path() {
      return inner.path;
    },
    set path(path: string) {
      inner.path = path;
    },
    parameters: inner.parameters,
    buffers: inner.buffers,
    children: inner.children,
    activation: inner.activation,
    outline: (inputShape) => inner.outline(inputShape),

    forward(input, pass) {
      assertTensor("checkpointed: input", input);
      const saved = needsBackward(layer, pass) ? input.clone() : undefined;
      const { output } = inner.forward(input, { ...pass, record: false });
      return { output, saved };
    },

    backward(input, outputGradient, pass) {
      const again = inner.forward(input, { ...pass, updateStatistics: false, observe: undefined });
      again.output.dispose();
      return inner.backward(again.saved!, outputGradient, pass);
    },

    dispose: () => inner.dispose(),
  };
  return layer;
}
