export {
  ARGUMENTS,
  CRASH_TEXT,
  CRASH_TEXT_BYTES,
  CRASHED,
  DONE,
  SCRATCH,
  SCRATCH_BYTES,
} from "./control";
export { run, wait, work } from "./scheduler";
export * from "./winograd";
export * from "./winograd-prepare";
export * from "./batch-norm";
export * from "./batch-norm-finish";
export * from "./batch-norm-gradient";
export * from "./direct";
export * from "./direct-filter";
export * from "./panels";
export * from "./multiply";
export * from "./winograd-transform";
export * from "./dense";
export * from "./elementwise";
export * from "./pool";
export * from "./softmax-cross-entropy";
export * from "./filter-gradient";
export * from "./winograd-filter-gradient";
export * from "./depthwise-rows";
export * from "./depthwise-strip";
export * from "./depthwise-three";
export * from "./depthwise";
export * from "./depthwise-filter-gradient";
export * from "./copy";
export * from "./unary";
export * from "./binary";
export * from "./channels";
export * from "./scalars";
