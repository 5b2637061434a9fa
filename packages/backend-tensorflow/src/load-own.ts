import { backend } from "@tensorflow/tfjs-core";

/** The two packages that a user may have installed himself. */
export type TfjsNodePackage = "@tensorflow/tfjs-node" | "@tensorflow/tfjs-node-gpu";

/** Where the package lies, seen from here or from the working folder. */
export function findOwn(name: TfjsNodePackage): string | undefined {
  const { createRequire } = process.getBuiltinModule("node:module");
  const { join } = process.getBuiltinModule("node:path");
  for (const from of [import.meta.url, join(process.cwd(), "package.json")]) {
    try {
      return createRequire(from).resolve(name);
    } catch {
      // Not seen from there.
    }
  }
  return undefined;
}

/** Imports it as it is, which registers its backend. */
export function loadOwn(file: string): { usesGpu: boolean } {
  const { createRequire } = process.getBuiltinModule("node:module");
  restoreUtil();
  createRequire(file)(file);
  const { isUsingGpuDevice } = backend() as unknown as { isUsingGpuDevice: boolean };
  return { usesGpu: isUsingGpuDevice };
}

/** tfjs-node 4.22 calls two functions that Node 23 removed. */
function restoreUtil(): void {
  const util = process.getBuiltinModule("node:util") as unknown as Record<string, unknown>;
  util["isNullOrUndefined"] ??= (value: unknown) => value == null;
  util["isArray"] ??= Array.isArray;
}
