import { createNetwork } from "@bn-only/resnet-zoo";
import { Learner, sgd, trainingStep, useBackend } from "@bn-only/trainer";
import { tensor4d } from "@tensorflow/tfjs-core";
import { convolutionOfOps } from "./convolution-of-ops.ts";
import { NETWORK, type Peer, type PeerSetting } from "./peer.ts";
import { randomBatch } from "./random-batch.ts";

/** This library on its own WASM backend. */
export async function startBnOnly({ batchSize, threads }: PeerSetting): Promise<Peer> {
  const { description } = await useBackend("wasm", { threads });
  const network = createNetwork(NETWORK, { seed: 0 });
  network.setTrainable("bn");
  const learner = Learner.of(network, sgd());
  const batch = randomBatch(batchSize);
  const images = tensor4d(batch.images, [batchSize, 32, 32, 3]);
  let step = 0;
  return {
    description,
    works: {
      "training step": () => {
        const metrics = trainingStep(network, batch, learner, { learningRate: 0.01, step: ++step });
        metrics.dataSync();
        metrics.dispose();
      },
      evaluation: () => {
        const logits = network.predict(images.clone());
        logits.dataSync();
        logits.dispose();
      },
      ...convolutionOfOps(batchSize),
    },
  };
}
