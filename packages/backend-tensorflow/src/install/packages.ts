import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tensorflowFiles } from "../installation.ts";
import { BackendInstallError } from "../errors.ts";
import { ProgramError, runProgram } from "./program.ts";
import type { InstallContext } from "./context.ts";
import { partialFolder, putInPlace } from "./partial.ts";

interface NpmPackage {
  /** Exact, as `npm pack` wants it. */
  readonly specifier: string;
  /** SHA-512 of the tarball, as the registry gives it. */
  readonly integrity: string;
  /** Where it is unpacked, in the folder of the installation. */
  readonly target: string;
}

/** tfjs-node, of which the source of the addon and the JavaScript are used, without its dependencies. */
export const tfjsNode: NpmPackage & { readonly version: string } = {
  version: "4.22.0",
  specifier: "@tensorflow/tfjs-node@4.22.0",
  integrity:
    "sha512-uHrXeUlfgkMxTZqHkESSV7zSdKdV0LlsBeblqkuKU9nnfxB1pC6DtoyYVaLxznzZy7WQSegjcohxxCjAf6Dc7w==",
  target: tensorflowFiles.tfjsNode,
};

/** The headers of Node-API, which are the same for every version of Node that we run on. */
export const nodeApiHeaders: NpmPackage = {
  specifier: "node-api-headers@1.9.0",
  integrity:
    "sha512-2oNILP4jXwRB4ywnYKjVk1YyJ96n2D4EOVJO6S3oYZ5PtbJrw3Yt9TpAuX3nBLMuzn74rnfGQrv13pS9vC+YiA==",
  target: "node-api-headers",
};

/** Fetches a package by the user's npm, verifies it and unpacks it; no script of it runs. */
export async function fetchPackage(
  context: InstallContext,
  { specifier, integrity, target }: NpmPackage,
): Promise<void> {
  const { folder, python, env, signal, say } = context;
  if (existsSync(join(folder, target))) return;
  say(`downloading ${specifier} with npm`);
  const partial = partialFolder(join(folder, target));
  try {
    const args = ["pack", specifier, "--ignore-scripts", "--loglevel=error"];
    await runProgram("npm", args, { cwd: partial, env, signal });
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    const complaint = error.output.match(/npm (?:error|ERR!) (?!code)(.+)/)?.[1] ?? error.message;
    throw new BackendInstallError(
      `npm could not download ${specifier}: ${complaint}. The same command goes on with what is missing.`,
    );
  }
  const tarball = join(partial, readdirSync(partial).find((name) => name.endsWith(".tgz")) ?? "");
  const digest = createHash("sha512").update(readFileSync(tarball)).digest("base64");
  if (`sha512-${digest}` !== integrity) {
    throw new BackendInstallError(
      `the tarball of ${specifier} is not the published one (sha512-${digest} instead of ${integrity}); ` +
        `none of it was used. Clear npm's cache with "npm cache clean --force" and check the registry.`,
    );
  }
  await runProgram(python, ["-I", "-m", "tarfile", "-e", tarball, partial], {
    env,
    signal,
    cwd: partial,
  });
  putInPlace(join(partial, "package"), join(folder, target));
  rmSync(partial, { recursive: true });
}
