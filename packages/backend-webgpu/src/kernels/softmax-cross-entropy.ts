import type { softmaxCrossEntropyOp } from "@bn-only/frozen-layers";
import { defineShader } from "../shaders/shader.ts";
import { release, type WebgpuKernel } from "./kernel.ts";

/** An invocation has a row: its gradient, its loss, and whether the first of its largest logits is at the label. */
const rows = defineShader("softmaxCrossEntropy", () => ({
  inputs: { logits: "f32", labels: "i32" },
  outputs: { gradient: "f32", results: "f32" },
  uniforms: { batch: "u32", classes: "u32" },
  invocations: 64,
  main: `
let row = group * 64u + lane;
if (row >= u.batch) { return; }
let begin = row * u.classes;
let label = u32(labels[row]);
var largest = logits[begin];
var best = 0u;
for (var c = 1u; c < u.classes; c++) {
if (logits[begin + c] > largest) {
largest = logits[begin + c];
best = c;
}
}
var total = 0.0;
for (var c = 0u; c < u.classes; c++) { total += exp(logits[begin + c] - largest); }
for (var c = 0u; c < u.classes; c++) {
let probability = exp(logits[begin + c] - largest) / total;
gradient[begin + c] = (probability - select(0.0, 1.0, c == label)) / f32(u.batch);
}
// A label that is no class has no logit.
let hit = select(0.0, logits[begin + min(label, u.classes - 1u)] - largest, label < u.classes);
results[row] = log(total) - hit;
results[u.batch + row] = select(0.0, 1.0, best == label);`,
}));

/** The mean of the losses and the number of hits, in one order. */
const finish = defineShader("softmaxCrossEntropyFinish", () => ({
  inputs: { results: "f32" },
  outputs: { loss: "f32", correct: "f32" },
  uniforms: { batch: "u32" },
  invocations: 64,
  declarations: "var<workgroup> sums: array<vec2f, 64>;",
  main: `
var sum = vec2f(0);
for (var row = lane; row < u.batch; row += 64u) {
sum += vec2f(results[row], results[u.batch + row]);
}
sums[lane] = sum;
for (var reach = 32u; reach > 0u; reach /= 2u) {
workgroupBarrier();
if (lane < reach) { sums[lane] += sums[lane + reach]; }
}
if (lane == 0u) {
loss[0] = sums[0].x / f32(u.batch);
correct[0] = sums[0].y;
}`,
}));

export const softmaxCrossEntropy: WebgpuKernel<typeof softmaxCrossEntropyOp> = (
  { logits, labels },
  _none,
  backend,
) => {
  const [batch, classes] = logits.shape as [number, number];
  const gradient = backend.allocate(logits.shape);
  const results = backend.allocate([2, batch]);
  backend.run(rows({}), {
    inputs: [logits, labels],
    outputs: [gradient, results],
    uniforms: { batch, classes },
    groups: Math.ceil(batch / 64),
  });
  const [loss, correct] = [backend.allocate([]), backend.allocate([])];
  const command = { inputs: [results], outputs: [loss, correct], uniforms: { batch }, groups: 1 };
  backend.run(finish({}), command);
  release(backend, results);
  return { loss, correct, gradient };
};
