// `#node` everywhere but in browsers: what needs Node's own modules, each loaded when it is used.

export const parts = {
  cache: () => import("../sources/cache.ts"),
  cifarNpz: () => import("../formats/cifar-npz.ts"),
  cifarPython: () => import("../formats/cifar-python.ts"),
  directory: () => import("../sources/directory.ts"),
  npm: () => import("../sources/npm.ts"),
  os: () => import("node:os"),
  path: () => import("node:path"),
  pngRows: () => import("../formats/png-rows.ts"),
  proxy: () => import("../sources/proxy.ts"),
  proxyRequest: () => import("../sources/proxy-request.ts"),
  scan: () => import("../image-folder/scan.ts"),
  slice: () => import("../image-folder/slice.ts"),
  sliceReader: () => import("../image-folder/slice-reader.ts"),
};

/** Modules that work in Node only. */
export type NodeParts = typeof parts;
