// The standard tfjs kernels that networks, `fromFunction` layers and metrics need.

const elementwise =
  "Abs Acos Acosh Add AddN Asin Asinh Atan Atan2 Atanh Cast Ceil ClipByValue Cos Cosh Elu " +
  "EluGrad Erf Exp Expm1 Floor FloorDiv IsFinite IsInf IsNan LeakyRelu Log Log1p Maximum " +
  "Minimum Mod Multiply Neg Pow Prelu RealDiv Reciprocal Relu Relu6 Round Rsqrt Selu Sigmoid " +
  "Sign Sin Sinh Softplus Sqrt Square SquaredDifference Step Sub Tan Tanh";
const logical =
  "Equal Greater GreaterEqual Less LessEqual NotEqual LogicalAnd LogicalNot LogicalOr Select";
const reductions =
  "All Any ArgMax ArgMin Bincount Cumprod Cumsum DenseBincount Max Mean Min Prod Softmax Sum " +
  "TopK UnsortedSegmentSum";
const shapes =
  "BatchToSpaceND Concat DepthToSpace Diag ExpandDims Fill GatherNd GatherV2 LinSpace MirrorPad " +
  "OneHot OnesLike Pack PadV2 Range Reverse ScatterNd Slice SpaceToBatchND SplitV StridedSlice " +
  "Tile Transpose Unpack ZerosLike";
const networks =
  "AvgPool AvgPoolGrad BatchMatMul Conv2D Conv2DBackpropFilter Conv2DBackpropInput " +
  "DepthwiseConv2dNative DepthwiseConv2dNativeBackpropFilter DepthwiseConv2dNativeBackpropInput " +
  "FusedBatchNorm FusedConv2D FusedDepthwiseConv2D LRN LRNGrad MaxPool MaxPoolGrad Multinomial " +
  "ResizeBilinear ResizeBilinearGrad ResizeNearestNeighbor ResizeNearestNeighborGrad " +
  "_FusedMatMul";

/** Those that run through tfjs-backend-cpu's code. */
export const cpuKernelNames: readonly string[] = [
  elementwise,
  logical,
  reductions,
  shapes,
  networks,
].flatMap((names) => names.split(" "));
