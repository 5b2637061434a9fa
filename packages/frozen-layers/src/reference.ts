// Of the references, what kernels of other packages are made with.

export { adamScalars } from "./exact/adam-scalars.ts";
export { diagonalBlocks, prepareFilterReference } from "./kernels/reference/conv2d.ts";
export { crop, surround, surroundedShape } from "./kernels/reference/margin.ts";
