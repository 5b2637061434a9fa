export { defineArchitecture } from "./architecture.ts";
export { cifarResNet } from "./architectures/cifar-resnet.ts";
export { imagenetResNet } from "./architectures/imagenet-resnet.ts";
export { basicBlock } from "./blocks/basic.ts";
export { bottleneckBlock } from "./blocks/bottleneck.ts";
export { projection } from "./blocks/projection.ts";
export { createNetwork, defineNetwork } from "./create-network.ts";
export { describeNetwork, listNetworks } from "./describe-network.ts";
export { NoSuchNetworkError, ZooError } from "./errors.ts";
export { architectures, registerArchitecture } from "./registry.ts";
export { residualStages } from "./stages.ts";

export type { Architecture, BuildOptions, ImageShape, PublishedNetwork } from "./architecture.ts";
export type { CifarResNetConfiguration } from "./architectures/cifar-resnet.ts";
export type { ImagenetResNetConfiguration } from "./architectures/imagenet-resnet.ts";
export type { BasicBlockOptions } from "./blocks/basic.ts";
export type { CreateNetworkOptions, DefineNetworkOptions } from "./create-network.ts";
export type { NetworkDescription } from "./describe-network.ts";
export type { MakeBlock, StageOptions } from "./stages.ts";
