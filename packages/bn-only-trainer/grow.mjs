import { useBackend, conditionSelector, initializeSgd, trainingStep } from "@bn-only/trainer";
import { createNetwork } from "@bn-only/resnet-zoo";
import { memory } from "@tensorflow/tfjs-core";
await useBackend("wasm", { threads: 2 });
const [name, cond, bs, n] = [
  process.argv[2],
  process.argv[3],
  Number(process.argv[4]),
  Number(process.argv[5]),
];
const net = createNetwork(name, { seed: 0 });
net.setTrainable(conditionSelector(cond));
const state = { sgd: initializeSgd(net.trainable) };
const images = Float32Array.from({ length: bs * 3072 }, () => Math.random() * 2 - 1);
const labels = Int32Array.from({ length: bs }, (_, i) => i % 10);
const opt = { learningRate: 0.01, momentum: 0.9, weightDecay: 1e-4 };
for (let i = 0; i < n; i++) {
  const m = trainingStep(net, { images, labels, size: bs }, state, opt);
  await m.data();
  m.dispose();
  if (i < 12 || i % 20 === 0)
    console.log(
      i,
      (memory().heapBytes / 2 ** 20).toFixed(1),
      (memory().peakBytes / 2 ** 20).toFixed(1),
      (memory().numBytesInUse / 2 ** 20).toFixed(2),
    );
}
process.exit(0);
