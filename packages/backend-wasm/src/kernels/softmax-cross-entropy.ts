import type { softmaxCrossEntropyOp } from "@bn-only/frozen-layers";
import { type WasmKernel, withMemory } from "./kernel.ts";

// Host side of assembly/softmax-cross-entropy.ts.

export const softmaxCrossEntropy: WasmKernel<typeof softmaxCrossEntropyOp> = (
  { logits, labels },
  _attributes,
  backend,
) => {
  const [batch, classes] = logits.shape as [number, number];
  const loss = backend.allocate([]);
  const correct = backend.allocate([]);
  const gradient = backend.allocate(logits.shape);
  withMemory(backend, 16 * batch, (slots) => {
    backend.run("softmaxCrossEntropyRow", batch, {
      logits: backend.pointer(logits),
      labels: backend.pointer(labels),
      gradient: gradient.pointer,
      slots,
      batch,
      classes,
    });
    const totals = { loss: loss.pointer, correct: correct.pointer };
    backend.run("softmaxCrossEntropyFinish", 1, { slots, batch, ...totals });
  });
  return { loss: loss.info, correct: correct.info, gradient: gradient.info };
};
