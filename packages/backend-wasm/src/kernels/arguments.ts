/**
 * Names of the arguments of every kernel of assembly/, in the order in which they lie in memory. This
 * is the only place that says it: scripts/build-kernels.js makes assembly/generated/arguments.ts from
 * this table and fails when a kernel has no line here, or a line no kernel.
 */
export const kernelArguments = {
  batchNormStatistics: "input slots width rows chunkRows",
  batchNormApply: "input residual output coefficients width rows chunkRows rest relu",
  batchNormFinishStatistics: `slots slotCount width tail rest channels mean variance runningMean runningVariance nextMean
    nextVariance momentum gamma beta coefficients epsilon`,
  batchNormCoefficients: "gamma beta mean variance coefficients channels width epsilon",
  batchNormFinishGradient: `slots slotCount gamma variance gammaGradient betaGradient coefficients channels width
    epsilon count`,
  batchNormGradientSums: `outputGradient input output masked coefficients slots width rows chunkRows rest mask addend`,
  batchNormGradientInput:
    "gradient input inputGradient coefficients width rows chunkRows rest recomputed",
  multiplyMatrices: `a rowStep columnStep b bias product rows columns inner chunkRows
    chunkColumns`,
  multiplyByTransposed: "a b product rows columns inner chunkColumns",
  prepareDirect: "filter packed height width channels outputs groups",
  prepareDirectRotated: "filter packed height width channels outputs groups stride",
  convolveDirect: `input output filter height width channels outputHeight outputWidth outputs kernelHeight
    kernelWidth stride padding groups images bandImages bandRows bands inPlace bandPixels stripBytes prologueKind prologueOffset
    prologueCoefficients epilogueKind epilogueSlots epilogueInput epilogueMask epilogueAddend
    epilogueCoefficients`,
  convolveDirectGradient: `outputGradient inputGradient filter height width channels outputHeight outputWidth outputs
    kernelHeight kernelWidth stride padding groups images bandImages bandRows bands bandPixels stripBytes prologueKind
    prologueOffset prologueCoefficients epilogueKind epilogueSlots epilogueInput epilogueMask
    epilogueAddend epilogueCoefficients`,
  convolveFilterGradient: `input outputGradient slots height width channels outputHeight outputWidth outputs
    kernelHeight kernelWidth stride padding groups bandImages bandRows chunkImages images bandPixels stripBytes
    tapPanels slotBytes prologueKind prologueOffset prologueCoefficients`,
  filterGradientFinish: `slots filterGradient slotCount slotBytes height width channels outputs groups
    chunkTaps`,
  convolveWinograd: `input output filter height width channels outputHeight outputWidth outputs padding
    stripTiles stripsPerRow blockStrips chunkStrips strips prologueKind prologueOffset
    prologueCoefficients epilogueKind epilogueSlots epilogueInput epilogueMask epilogueAddend
    epilogueCoefficients`,
  prepareWinograd: "filter packed channels outputs rotated",
  sumWinogradProducts: `input outputGradient slots height width channels outputHeight outputWidth outputs padding
    stripTiles stripsPerRow blockStrips chunkStrips strips prologueKind prologueOffset
    prologueCoefficients`,
  finishWinogradFilter: "slots filterGradient slotCount channels outputs",
  globalAveragePool: "input output pixels channels",
  globalAveragePoolGradient: "outputGradient inputGradient pixels channels",
  maxPool: "input output height width channels outputHeight outputWidth size stride padding",
  averagePool: "input output height width channels outputHeight outputWidth size stride padding",
  maxPoolGradient: `outputGradient inputGradient height width channels outputHeight outputWidth size stride
    padding input output`,
  averagePoolGradient: `outputGradient inputGradient height width channels outputHeight outputWidth size stride
    padding`,
  softmaxCrossEntropyRow: "logits labels gradient slots batch classes",
  softmaxCrossEntropyFinish: "slots batch loss correct",
  sgd: `parameters velocity gradient nextParameters nextVelocity size chunkSize learningRate
    momentum weightDecay nesterov`,
  addTensors: "a b y size chunkSize",
  convolveDepthwise: `read written filter readHeight readWidth writtenHeight writtenWidth
    kernelHeight kernelWidth channels times stride phases padding bands bandRows groupVectors
    stripStep stripColumns gradient`,
  convolveThreeByThree: "read written filter rows height width channels chunkRows",
  prepareDepthwise: "filter packed height width outputs parts phases rotated",
  depthwiseFilterGradient: `input outputGradient slots height width channels outputHeight
    outputWidth kernelHeight kernelWidth stride padding times bandRows groupVectors stripStep
    stripColumns gradientStep slotBytes chunkImages images`,
  threeByThreeFilterGradient: "input outputGradient slots rows height width channels chunkRows",
  depthwiseFilterFinish: "slots filterGradient slotCount slotBytes taps outputs",
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

type ArgumentName<Kernel extends KernelName> = Exclude<
  Words<Lines<(typeof kernelArguments)[Kernel]>>,
  ""
>;

/** A number or an address for every argument of a kernel. */
export type KernelArguments<Kernel extends KernelName> = Readonly<
  Record<ArgumentName<Kernel>, number>
>;

/** `Args` if it has no other names than the kernel's, else a type that nothing fits. */
export type Exactly<Kernel extends KernelName, Args> = Args &
  Readonly<Record<Exclude<keyof Args, ArgumentName<Kernel>>, never>>;

const names = new Map<string, readonly string[]>(
  Object.entries(kernelArguments).map(([kernel, text]) => [kernel, text.split(/\s+/)]),
);

/** The arguments of a kernel in the order of the table. */
export function layOut(kernel: KernelName, args: Readonly<Record<string, number>>): number[] {
  return names.get(kernel)!.map((name) => args[name]!);
}
