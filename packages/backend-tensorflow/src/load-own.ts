import { backend } from "@tensorflow/tfjs-core";
import { TensorflowError } from "./errors.ts";
import type { TensorflowDevice } from "./installation.ts";
import { followShapes } from "./moved-shapes.ts";

/** Names the folder of a tfjs-node of the user's own. Nothing else makes its code run. */
export const ownVariable = "BN_ONLY_TFJS_NODE";

/** The two packages that a user may have installed himself, and where their ops run. */
const devices: Readonly<Record<string, TensorflowDevice>> = {
  "@tensorflow/tfjs-node": "cpu",
  "@tensorflow/tfjs-node-gpu": "cuda",
};

export interface OwnTfjsNode {
  /** `@tensorflow/tfjs-node` or `@tensorflow/tfjs-node-gpu`. */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly device: TensorflowDevice;
}

/**
 * The package in the folder that `BN_ONLY_TFJS_NODE` names; undefined without that variable. It is never looked
 * for: a `node_modules` of the working folder may have come with a download.
 *
 * @throws TensorflowError when the folder holds neither of the two packages.
 */
export function ownTfjsNode(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): OwnTfjsNode | undefined {
  const named = environment[ownVariable];
  if (!named) return undefined;
  const { join, resolve } = process.getBuiltinModule("node:path");
  const folder = resolve(named);
  const name = packageName(join(folder, "package.json"));
  const device = name !== undefined && Object.hasOwn(devices, name) ? devices[name] : undefined;
  if (name !== undefined && device !== undefined) return { name, folder, device };
  throw new TensorflowError(
    `${ownVariable}: expected the folder of one of ${Object.keys(devices).join(", ")}, such as ` +
      `/project/node_modules/@tensorflow/tfjs-node, got ${folder}, which holds ${name === undefined ? "no package" : name}`,
  );
}

function packageName(manifest: string): string | undefined {
  const { readFileSync } = process.getBuiltinModule("node:fs");
  try {
    const { name } = JSON.parse(readFileSync(manifest, "utf8")) as { name?: unknown };
    return typeof name === "string" ? name : undefined;
  } catch {
    return undefined;
  }
}

/** Imports it as it is, which registers its backend. */
export function loadOwn(folder: string): { usesGpu: boolean } {
  const { createRequire } = process.getBuiltinModule("node:module");
  const { join } = process.getBuiltinModule("node:path");
  restoreUtil();
  createRequire(join(folder, "package.json"))(folder);
  followShapes(Object.getPrototypeOf(backend()) as object);
  const { isUsingGpuDevice } = backend() as unknown as { isUsingGpuDevice: boolean };
  return { usesGpu: isUsingGpuDevice };
}

/** tfjs-node 4.22 calls two functions that Node 23 removed. */
function restoreUtil(): void {
  const util = process.getBuiltinModule("node:util") as unknown as Record<string, unknown>;
  util["isNullOrUndefined"] ??= (value: unknown) => value == null;
  util["isArray"] ??= Array.isArray;
}
