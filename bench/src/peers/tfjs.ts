import { createNetwork } from "@bn-only/resnet-zoo";
import { useBackend } from "@bn-only/trainer";
import { tensor1d, tensor4d, version_core as version } from "@tensorflow/tfjs-core";
// Registers the gradients that the tape needs; tfjs-core alone has none.
import "@tensorflow/tfjs-layers";
import { TapeNetwork } from "../tape-network.ts";
import { convolutionOfOps } from "./convolution-of-ops.ts";
import { NETWORK, type Peer, type PeerSetting } from "./peer.ts";
import { randomBatch } from "./random-batch.ts";

/** tfjs-core with the tape on tfjs-backend-wasm, which has one thread in Node. */
export async function startTfjs({ batchSize }: PeerSetting): Promise<Peer> {
  await useBackend("tfjs-wasm");
  const network = createNetwork(NETWORK, { seed: 0 });
  const taped = new TapeNetwork(network, 2);
  network.dispose();
  const { images, labels } = randomBatch(batchSize);
  return {
    description: `tfjs ${version} on tfjs-backend-wasm, one thread`,
    works: {
      "training step": () => {
        const [x, y] = [tensor4d(images, [batchSize, 32, 32, 3]), tensor1d(labels, "int32")];
        const loss = taped.step(x, y);
        loss.dataSync();
        [x, y, loss].forEach((tensor) => tensor.dispose());
      },
      ...convolutionOfOps(batchSize),
    },
  };
}
