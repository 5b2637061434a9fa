/**
 * Names of the arguments of every kernel of assembly/, in the order in which they lie in memory. This
 * is the only place that says it: scripts/build-kernels.js makes assembly/generated/arguments.ts from
 * this table and fails when a kernel has no line here, or a line no kernel.
 */
export const kernelArguments = {
  convolveDepthwise: `read written filter readHeight readWidth writtenHeight writtenWidth
    kernelHeight kernelWidth channels times stride phases padding bands bandRows blockChannels
    stripColumns gradient`,
  prepareDepthwise: "filter packed height width outputs blockOutputs phases rotated",
  depthwiseFilterGradient: `input outputGradient slots height width channels outputHeight
    outputWidth kernelHeight kernelWidth stride padding times bandRows blockChannels slotBytes
    chunkImages images`,
  depthwiseFilterFinish: "slots filterGradient slotCount slotBytes taps outputs blockOutputs",
  copyBlock: `from to outer middle inner fromOuter fromMiddle fromInner toOuter toMiddle toInner
    bytes chunkRuns`,
  fillNumbers: "to size chunkSize value",
  activation: "input output size chunkSize kind",
  activationGradient: "outputGradient output inputGradient size chunkSize kind",
  step: "input output size chunkSize alpha",
  combineTensors: "a b y size chunkSize operation scalar",
  combineRows: "a b y width rows chunkRows rowsPerB operation",
  sumRowsOfTensor: "input slots width rows chunkRows",
  finishRowSums: "slots output width slotCount",
  multiplyChannelsGradient: "input gate outputGradient inputGradient gateGradient pixels channels",
  gatherScalars: "values indices output size count",
  scatterScalars: "values indices updates output size count",
  adam: `parameters firstMoment secondMoment gradient nextParameters nextFirstMoment
    nextSecondMoment size chunkSize beta1 beta2 epsilon rate correction shrink decay`,
} as const;

type Lines<Text extends string> = Text extends `${infer Line}\n${infer Rest}`
  ? Line | Lines<Rest>
  : Text;
type Words<Text extends string> = Text extends `${infer Word} ${infer Rest}`
  ? Word | Words<Rest>
  : Text;

export type KernelName = keyof typeof kernelArguments;

/** A number or an address for every argument of a kernel. */
export type KernelArguments<Kernel extends KernelName = KernelName> = Readonly<
  Record<Exclude<Words<Lines<(typeof kernelArguments)[Kernel]>>, "">, number>
>;

const names = new Map<string, readonly string[]>(
  Object.entries(kernelArguments).map(([kernel, text]) => [kernel, text.split(/\s+/)]),
);

/** The arguments of a kernel in the order of the table. */
export function layOut<Kernel extends KernelName>(
  kernel: Kernel,
  args: KernelArguments<Kernel>,
): number[] {
  const values = args as Readonly<Record<string, number>>;
  return names.get(kernel)!.map((name) => values[name]!);
}
