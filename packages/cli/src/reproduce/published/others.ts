import type { PublishedValue } from "./published.ts";

const v3 = "arXiv 2003.00152v3";

/** Accuracy on ImageNet. What of BatchNorm-only networks the paper gives is top-5. */
export const imagenetAccuracies: readonly PublishedValue[] = [
  {
    quantity: "top-5 accuracy",
    network: "imagenet-resnet-200",
    condition: "bn",
    value: 32,
    low: 31.5,
    high: 32.5,
    certainty: "stated",
    source: `abstract of ${v3}; that "sufficiently deep" means ResNet-200 there is recalled by readers`,
  },
  {
    quantity: "top-5 accuracy",
    network: "imagenet-resnet-50",
    condition: "bn",
    value: 8,
    low: 6,
    high: 10,
    certainty: "recalled",
    source: `${v3}, as readers recall it, with little confidence`,
  },
  {
    quantity: "top-5 accuracy",
    network: "imagenet-resnet-200",
    condition: "bn",
    alternateInit: true,
    value: 35,
    low: 33,
    high: 37,
    certainty: "recalled",
    source: `a footnote of ${v3}, as readers recall it, with little confidence`,
  },
  {
    quantity: "top-5 accuracy",
    network: "imagenet-resnet-200",
    condition: "random-2",
    value: 4,
    low: 4,
    high: 4,
    certainty: "recalled",
    source: `${v3}, as readers recall it`,
  },
  {
    quantity: "accuracy",
    network: "imagenet-resnet-50",
    condition: "all",
    value: 76.1,
    low: 76.1,
    high: 76.1,
    certainty: "stated",
    source: "the authors' code, facebookresearch/open_lth; not from the paper",
  },
];

/** Features that training switches off, on CIFAR-10. */
export const gammaShares: readonly PublishedValue[] = [
  {
    quantity: "share of |gamma| < 0.01",
    network: "cifar-resnet-110",
    condition: "bn",
    value: 27,
    low: 25,
    high: 34,
    certainty: "second-hand",
    source:
      'tdtce/BatchNorm_params_training quotes 27 % of v1; the abstracts say "around a third" of all features',
  },
  {
    quantity: "share of |gamma| < 0.01",
    network: "cifar-resnet-110",
    condition: "all",
    value: 9,
    low: 4,
    high: 9,
    certainty: "second-hand",
    source: "tdtce/BatchNorm_params_training quotes 9 % of v1; readers recall 4 % in v3",
  },
];
