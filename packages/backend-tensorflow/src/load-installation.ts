import { TensorflowError } from "./errors.ts";
import type { KernelBackend, registerBackend } from "@tensorflow/tfjs-core";
import { readInstallation, tensorflowFiles } from "./installation.ts";
import { followShapes } from "./moved-shapes.ts";

interface TfjsCore {
  readonly registerBackend: typeof registerBackend;
}

interface TfjsNode {
  readonly NodeJSKernelBackend: new (
    binding: object,
    packageName: string,
  ) => KernelBackend & { readonly isUsingGpuDevice: boolean };
}

/**
 * Registers tfjs-node's backend from an installation, on the tfjs-core that everything else here
 * uses. tfjs-node by itself would bring a second copy of it, and layers, converters and more.
 */
export function loadInstallation(folder: string): { usesGpu: boolean } {
  const { join } = process.getBuiltinModule("node:path");
  const { createRequire } = process.getBuiltinModule("node:module");
  const { binding, tfjsNode, manifest } = tensorflowFiles;
  if (readInstallation(folder) === undefined)
    throw new TensorflowError(`nothing is installed in ${folder}`);
  // In Node this is the module that `import` gives, too; a namespace import would put all of it into
  // every browser's bundle.
  const tfjsCore = createRequire(import.meta.url)("@tensorflow/tfjs-core") as TfjsCore;
  const require = createRequire(join(folder, manifest));
  const addon = require(join(folder, binding)) as object;
  const load = moduleLoader(require, tfjsCore);
  const { NodeJSKernelBackend } = load(
    join(folder, tfjsNode, "dist", "nodejs_kernel_backend.js"),
  ) as TfjsNode;
  load(join(folder, tfjsNode, "dist", "register_all_kernels.js"));
  followShapes(NodeJSKernelBackend.prototype);
  const backend = new NodeJSKernelBackend(addon, "@tensorflow/tfjs-node");
  tfjsCore.registerBackend("tensorflow", () => backend, 3);
  return { usesGpu: backend.isUsingGpuDevice };
}

/**
 * Loads CommonJS files of tfjs-node with stand-ins for three of their imports:
 *
 * - tfjs, for which tfjs-core is enough here;
 * - `node:util`, whose `isNullOrUndefined` and `isArray` Node 23 removed;
 * - the protocol buffers, which only saved models need.
 */
function moduleLoader(require: NodeJS.Require, tfjsCore: TfjsCore): (file: string) => unknown {
  const { dirname, resolve } = process.getBuiltinModule("node:path");
  const { readFileSync } = process.getBuiltinModule("node:fs");
  const { compileFunction } = process.getBuiltinModule("node:vm");
  const standIns = new Map<string, unknown>([
    ["@tensorflow/tfjs", tfjsCore],
    ["@tensorflow/tfjs-core", tfjsCore],
    ["util", { isArray: Array.isArray, isNullOrUndefined: (value: unknown) => value == null }],
    ["./proto/api_pb", {}],
  ]);
  const loaded = new Map<string, { exports: unknown }>();

  return function load(file: string): unknown {
    const before = loaded.get(file);
    if (before) return before.exports;
    const module = { exports: {} as unknown };
    loaded.set(file, module);
    const run = compileFunction(readFileSync(file, "utf8"), ["exports", "require", "module"], {
      filename: file,
    });
    const requireFrom = (name: string): unknown => {
      if (standIns.has(name)) return standIns.get(name);
      return name.startsWith(".") ? load(resolve(dirname(file), `${name}.js`)) : require(name);
    };
    run(module.exports, requireFrom, module);
    return module.exports;
  };
}
