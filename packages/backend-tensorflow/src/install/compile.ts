import { existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { tensorflowFiles } from "../installation.ts";
import { BackendInstallError } from "../errors.ts";
import { ProgramError, runProgram } from "./program.ts";
import type { InstallContext } from "./context.ts";
import { nodeApiHeaders, tfjsNode } from "./packages.ts";
import { compilerOf } from "./requirements.ts";

/** Our ops for TensorFlow on the CPU. */
const ops = fileURLToPath(
  new URL("native/ops.cc", import.meta.resolve("@bn-only/backend-tensorflow/package.json")),
);

/**
 * Builds the two source files of tfjs-node's addon, and with them our ops, which TensorFlow knows as
 * soon as the addon is loaded, against the libraries of the wheel.
 */
export async function compileBinding(context: InstallContext): Promise<void> {
  const { folder, env, signal, say } = context;
  const binding = join(folder, tensorflowFiles.binding);
  if (existsSync(binding)) return;
  say(`compiling the addon with ${compilerOf(env)}`);
  mkdirSync(dirname(binding), { recursive: true });
  const libraries = join(tensorflowFiles.site, "tensorflow");
  const args = [
    "-std=c++17",
    "-O3",
    // Each pass rounds alike: BatchNorm's gradient finds the signs that its forward pass had.
    "-ffp-contract=off",
    // The least that TensorFlow's own wheels need, so that the result runs wherever they do.
    ...(process.arch === "x64" ? ["-mavx"] : []),
    "-fPIC",
    "-shared",
    // Of Node-API: what Node 12.22 and all later ones have.
    "-DNAPI_VERSION=8",
    ...["tfjs_backend.cc", "tfjs_binding.cc"].map((name) => join(tfjsNode.target, "binding", name)),
    ops,
    `-I${join(nodeApiHeaders.target, "include")}`,
    `-I${join(libraries, "include")}`,
    `-L${libraries}`,
    "-l:libtensorflow_cc.so.2",
    "-l:libtensorflow_framework.so.2",
    // Its threads outlive a worker of Node that loaded it.
    "-Wl,-z,nodelete",
    "-pthread",
    // The folder may move as a whole.
    `-Wl,-rpath,$ORIGIN/../${libraries}`,
    "-o",
    `${tensorflowFiles.binding}.part`,
  ];
  try {
    await runProgram(compilerOf(env), args, { cwd: folder, env, signal });
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    const complaint = error.output.match(/(?:error|undefined reference)[:\s].+/)?.[0];
    throw new BackendInstallError(
      `the addon does not compile against this TensorFlow: ${complaint ?? error.message}. ` +
        `g++ 9 or newer is needed. If it is, please report the versions that "bn-only doctor" shows.`,
    );
  }
  renameSync(`${binding}.part`, binding);
}
