/** What peers are compared at, each as far as it can. */
export const workNames = [
  "training step",
  "evaluation",
  "convolution",
  "its input gradient",
] as const;

type WorkName = (typeof workNames)[number];

export interface PeerSetting {
  readonly batchSize: number;
  readonly threads: number;
}

/** One library, ready to be timed. A work ends when its result is in memory. */
export interface Peer {
  /** Name and version, or the backend's own description. */
  readonly description: string;
  readonly works: Readonly<Partial<Record<WorkName, () => void | Promise<void>>>>;
}

/** The network of the first two works, of which BatchNorm trains. */
export const NETWORK = "cifar-resnet-14";

/** The convolution: 3x3, padding 1, as in the network's second stage. */
export const SIDE = 16;
export const CHANNELS = 32;
