import { describeNetwork, listNetworks } from "@bn-only/resnet-zoo";

export interface Row {
  readonly name: string;
  readonly parameters: number;
  readonly batchNorm: number;
  /** The paper's accuracies in percent, `bn` and `all`. */
  readonly paper: readonly (number | undefined)[];
}

declare const data: readonly Row[];
export { data };

/** Counted from the layers, without a weight. */
export default {
  load: (): Row[] =>
    listNetworks("cifar-resnet-*").map((name) => {
      const { parameters, published } = describeNetwork(name);
      return {
        name,
        parameters: parameters.total,
        batchNorm: parameters.batchNorm,
        paper: [published?.batchNormOnly, published?.allParameters],
      };
    }),
};
