/** Of the benches that compare a step with the tape's. */
export const tapeOptions = {
  depth: {
    type: "string",
    default: "14",
    help: "depth of the cifar-resnet",
    placeholder: "n",
    from: 8,
  },
  "batch-size": {
    type: "string",
    default: "128",
    help: "images in a batch",
    placeholder: "n",
    from: 1,
  },
  steps: {
    type: "string",
    default: "5",
    help: "steps that are timed",
    placeholder: "n",
    from: 1,
  },
} as const;
