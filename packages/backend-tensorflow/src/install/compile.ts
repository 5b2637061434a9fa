import { existsSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { tensorflowFiles } from "../installation.ts";
import { BackendInstallError } from "../errors.ts";
import { ProgramError, runProgram } from "./program.ts";
import type { InstallContext } from "./context.ts";
import { partialFolder, putInPlace } from "./partial.ts";
import { nodeApiHeaders, tfjsNode } from "./packages.ts";
import { compilerOf } from "./requirements.ts";

const native = fileURLToPath(
  new URL("native/", import.meta.resolve("@bn-only/backend-tensorflow/package.json")),
);

const common: readonly string[] = [
  "-std=c++17",
  "-fPIC",
  "-shared",
  // Of Node-API: what Node 12.22 and all later ones have.
  "-DNAPI_VERSION=8",
  `-I${join(nodeApiHeaders.target, "include")}`,
];

/**
 * Builds the two source files of tfjs-node's addon, and with them our ops, which TensorFlow knows as
 * soon as the addon is loaded, against the libraries of the wheel.
 */
export async function compileBinding(context: InstallContext): Promise<void> {
  const libraries = join(tensorflowFiles.site, "tensorflow");
  const args = [
    "-O3",
    // Each pass rounds alike: BatchNorm's gradient finds the signs that its forward pass had.
    "-ffp-contract=off",
    // The least that TensorFlow's own wheels need, so that the result runs wherever they do.
    ...(process.arch === "x64" ? ["-mavx"] : []),
    ...["tfjs_backend.cc", "tfjs_binding.cc"].map((name) => join(tfjsNode.target, "binding", name)),
    join(native, "ops.cc"),
    `-I${join(libraries, "include")}`,
    `-L${libraries}`,
    "-l:libtensorflow_cc.so.2",
    "-l:libtensorflow_framework.so.2",
    // Its threads outlive a worker of Node that loaded it.
    "-Wl,-z,nodelete",
    "-pthread",
    // The folder may move as a whole.
    `-Wl,-rpath,$ORIGIN/../${libraries}`,
  ];
  await compile(context, tensorflowFiles.binding, args);
}

/** Builds what keeps TensorFlow's own log from standard error while it is loaded. */
export async function compileStderr(context: InstallContext): Promise<void> {
  await compile(context, tensorflowFiles.stderr, ["-O1", join(native, "stderr.cc")]);
}

/** Nothing where the result is there already. */
async function compile(
  { folder, env, signal, say }: InstallContext,
  target: string,
  args: readonly string[],
): Promise<void> {
  const file = join(folder, target);
  if (existsSync(file)) return;
  say(`compiling ${target} with ${compilerOf(env)}`);
  const partial = partialFolder(file);
  const built = join(partial, basename(file));
  try {
    const all = [...common, ...args, "-o", built];
    await runProgram(compilerOf(env), all, { cwd: folder, env, signal });
    putInPlace(built, file);
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    const complaint = error.output.match(/(?:error|undefined reference)[:\s].+/)?.[0];
    throw new BackendInstallError(
      `the addon does not compile against this TensorFlow: ${complaint ?? error.message}. ` +
        `g++ 9 or newer is needed. If it is, please report the versions that "bn-only doctor" shows.`,
    );
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}
