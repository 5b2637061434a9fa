import { startJax } from "../jax.ts";
import { CHANNELS, type Peer, type PeerSetting, SIDE } from "./peer.ts";

/** jax-js on WebAssembly, which has no BatchNorm and takes the threads that it likes. */
export async function startJaxOnWasm({ batchSize }: PeerSetting): Promise<Peer | undefined> {
  const convolutions = await startJax("wasm");
  if (!convolutions) return undefined;
  const { forward, inputGradient } = convolutions(batchSize, SIDE, CHANNELS);
  return {
    description: "@jax-js/jax on wasm",
    works: { convolution: forward, "its input gradient": inputGradient },
  };
}
