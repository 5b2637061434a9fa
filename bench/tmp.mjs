import * as tf from "@tensorflow/tfjs-core";
import { registerWasmBackend } from "@bn-only/backend-wasm";
import * as F from "@bn-only/frozen-layers";
const fma = process.argv[2] !== "nofma";
await registerWasmBackend({ threads: 1, fma });
await tf.setBackend("bn-wasm");
function time(f, n = 15) {
  let best = 1e9;
  for (let i = 0; i < n; i++) {
    const t = performance.now();
    const o = f();
    [o].flat().forEach((x) => x.dispose());
    best = Math.min(best, performance.now() - t);
  }
  return best;
}
for (const [shape, k, stride, m] of [
  [[16, 28, 28, 192], 3, 1, 1],
  [[16, 28, 28, 192], 5, 1, 1],
  [[16, 28, 28, 192], 7, 1, 1],
  [[16, 28, 28, 192], 3, 2, 1],
  [[16, 28, 28, 192], 5, 2, 1],
  [[16, 14, 14, 288], 3, 1, 1],
  [[16, 7, 7, 576], 3, 1, 1],
  [[16, 56, 56, 64], 3, 1, 1],
  [[16, 28, 28, 96], 3, 1, 2],
  [[64, 32, 32, 8], 3, 1, 1],
]) {
  const [b, h, w, c] = shape;
  const O = c * m;
  const p = (k - 1) / 2;
  const g = { filterShape: [k, k, 1, O], stride, padding: p, groups: c };
  const x = tf.randomNormal(shape),
    f = tf.randomNormal([k, k, 1, O]);
  const { prepared } = F.runOp(F.prepareFilterOp, { filter: f }, g),
    { prepared: rot } = F.runOp(F.prepareRotatedFilterOp, { filter: f }, g);
  const y = F.runOp(F.conv2dOp, { input: x, prepared }, g).output;
  const bytes = 4 * (x.size + y.size),
    macs = y.size * k * k;
  const r = (t) =>
    `${t.toFixed(2)}ms ${(bytes / t / 1e6).toFixed(1)}GB/s ${(macs / t / 1e6).toFixed(1)}GMAC/s`;
  console.log(
    shape.join("x"),
    k,
    stride,
    m,
    "| fwd",
    r(time(() => F.runOp(F.conv2dOp, { input: x, prepared }, g).output)),
    "| dx",
    r(
      time(
        () =>
          F.runOp(
            F.conv2dInputGradientOp,
            { outputGradient: y, prepared: rot },
            { ...g, inputShape: shape },
          ).inputGradient,
      ),
    ),
    "| dw",
    r(
      time(
        () => F.runOp(F.conv2dFilterGradientOp, { input: x, outputGradient: y }, g).filterGradient,
      ),
    ),
  );
}
process.exit(0);
