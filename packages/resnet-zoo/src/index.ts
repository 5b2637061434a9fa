export { defineArchitecture } from "./architecture.ts";
export { cifarResNet } from "./architectures/cifar-resnet.ts";
export { basicBlock } from "./blocks/basic.ts";
export { projection } from "./blocks/projection.ts";
export { createNetwork } from "./create-network.ts";
export { describe, listNetworks } from "./describe.ts";
export { NoSuchNetworkError, ZooError } from "./errors.ts";
export { architectures, registerArchitecture } from "./registry.ts";

export type { Architecture, BuildOptions, PublishedNetwork } from "./architecture.ts";
export type { CifarResNetConfiguration } from "./architectures/cifar-resnet.ts";
export type { BasicBlockOptions } from "./blocks/basic.ts";
export type { CreateNetworkOptions } from "./create-network.ts";
export type { NetworkDescription } from "./describe.ts";
