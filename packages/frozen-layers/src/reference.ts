// Of the references, what kernels of other packages are made with.

export { wholePower } from "./exact/whole-power.ts";
export { diagonalBlocks, prepareFilterReference } from "./kernels/reference/conv2d.ts";
export { crop, surround, surroundedShape } from "./kernels/reference/margin.ts";
