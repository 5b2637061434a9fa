// 25 training steps on fixed data, in whatever engine imports this; needs the built packages.
import { batchSource, synthetic } from "@bn-only/datasets";
import { createNetwork } from "@bn-only/resnet-zoo";
import { train, useBackend } from "@bn-only/trainer";
import { backend, removeBackend } from "@tensorflow/tfjs-core";

/** The bits of every loss, and a hash of every parameter afterwards. */
export async function trainedBits(threads, options = { fma: false }) {
  const { description } = await useBackend("wasm", { threads, ...options });
  const data = synthetic({ trainSize: 5 * 20 - 3, testSize: 1, shape: [20, 20, 3], seed: 1 });
  const network = createNetwork("cifar-resnet-8", { seed: 2, inputShape: [20, 20, 3] });
  const losses = [];
  await train({
    network,
    data: { train: batchSource(data.train, { augment: true, shuffle: true }) },
    condition: "bn+head",
    epochs: 5,
    batchSize: 20,
    callbacks: [(event) => event.event === "step" && losses.push(event.loss)],
  });
  network.setTrainable([]);
  const fingerprint = await network.fingerprint();
  network.dispose();
  const used = backend().threads;
  removeBackend("bn-wasm");
  return { description, threads: used, losses, fingerprint };
}
