import { makeFolder, writeWhole } from "@bn-only/files";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  isUnreadable,
  readInstallation,
  type TensorflowInstallation,
  tensorflowFiles,
  tensorflowFolder,
} from "../installation.ts";
import { BackendInstallError } from "../errors.ts";
import { assertEnvironment, assertOptions, assertThat } from "../check.ts";
import { compileBinding, compileStderr } from "./compile.ts";
import type { InstallContext } from "./context.ts";
import { fetchPackage, nodeApiHeaders, tfjsNode } from "./packages.ts";
import { ownTfjsNode, ownVariable } from "../load-own.ts";
import { assertPlatform, assertRequirements, thisMachine } from "./requirements.ts";
import { tryOut } from "./try-out.ts";
import { type WantedOptions, wantedTensorflow } from "./wanted.ts";
import { fetchWheels } from "./wheels.ts";

export interface InstallOptions
  extends Omit<InstallContext, "folder">, Pick<WantedOptions, "version" | "unverified" | "pins"> {}

/**
 * Brings native TensorFlow into the user's cache folder: the libraries from a wheel whose hash is known, by
 * his pip, and tfjs-node's addon built against them. Each step leaves its result under its final name
 * only when it is complete, so the same call goes on where an earlier one ended.
 *
 * @throws BackendInstallError that says what is missing.
 */
export async function installTensorflow(
  given: InstallOptions,
): Promise<{ folder: string; installation: TensorflowInstallation | undefined }> {
  assertInstallOptions(given);
  const { version, unverified, pins, ...options } = given;
  const context = { ...options, folder: tensorflowFolder(options.device, options.env) };
  const { folder, device, say } = context;
  const own = ownTfjsNode(options.env);
  if (own?.device === device) {
    say(`${ownVariable} names ${own.folder}: it is used as it is, and nothing was installed`);
    return { folder, installation: undefined };
  }
  const wanted = wantedTensorflow({ device, arch: process.arch, version, unverified, pins });
  const manifest = join(folder, tensorflowFiles.manifest);
  let present = readInstallation(folder);
  if (present && version !== undefined && present.tensorflow !== version) {
    say(`what is installed is TensorFlow ${present.tensorflow}; ${version} takes its place`);
    rmSync(folder, { recursive: true });
    present = undefined;
  }
  const working = await describeWorking(context);
  if (working !== undefined && present) {
    say(`${working}: it is there already and works`);
    return { folder, installation: present };
  }
  if (present) {
    say("what is installed does not work; its addon is built again");
    rmSync(manifest);
    rmSync(join(folder, tensorflowFiles.binding), { force: true });
    rmSync(join(folder, tensorflowFiles.stderr), { force: true });
  } else if (isUnreadable(folder)) {
    say("what is installed is damaged, or of another version of bn-only; it is made anew");
    rmSync(folder, { recursive: true });
  }

  assertPlatform(thisMachine());
  makeFolder(folder);
  await assertRequirements(context);
  const wheel = await fetchWheels(context, wanted);
  await fetchPackage(context, tfjsNode);
  await fetchPackage(context, nodeApiHeaders);
  await compileStderr(context);
  await compileBinding(context);
  const installation: TensorflowInstallation = {
    format: 3,
    device,
    tensorflow: wheel.split("-")[1]!,
    wheel,
    tfjsNode: tfjsNode.version,
  };
  writeWhole(manifest, `${JSON.stringify(installation, undefined, 2)}\n`);
  say("trying it out");
  await verify(context);
  return { folder, installation };
}

/** Removes everything that `installTensorflow` made. Returns whether there was anything. */
export function removeTensorflow(options: Pick<InstallContext, "device" | "env">): {
  folder: string;
  removed: boolean;
} {
  assertOptions("removeTensorflow", options, { device: true, env: true });
  const { device, env } = options;
  assertEnvironment(env);
  const folder = tensorflowFolder(device, env);
  const removed = existsSync(folder);
  rmSync(folder, { recursive: true, force: true });
  return { folder, removed };
}

function assertInstallOptions(options: InstallOptions): void {
  assertOptions("installTensorflow", options, {
    device: true,
    python: true,
    env: true,
    signal: true,
    say: true,
    version: true,
    unverified: true,
    pins: true,
  });
  const { python, env, signal, say, version, unverified = false, pins = [] } = options;
  assertThat(typeof python === "string" && python !== "", "python", "a program", python);
  assertEnvironment(env);
  assertThat(signal instanceof AbortSignal, "signal", "an AbortSignal", signal);
  assertThat(typeof say === "function", "say", "a function", say);
  const isVersion = version === undefined || typeof version === "string";
  assertThat(isVersion, "version", 'a text such as "2.21.0"', version);
  assertThat(typeof unverified === "boolean", "unverified", "true or false", unverified);
  const isPin = (pin: unknown): boolean => typeof pin === "object" && pin !== null;
  assertThat(Array.isArray(pins) && pins.every(isPin), "pins", "a list of wheels", pins);
}

/** What works before anything is installed; `undefined` if nothing does. */
async function describeWorking(context: InstallContext): Promise<string | undefined> {
  try {
    return (await tryOut(context.device, context)).description;
  } catch {
    context.signal.throwIfAborted();
    return undefined;
  }
}

/** On the CPU, which both wheels can, and on CUDA where it was asked for. */
async function verify(context: InstallContext): Promise<void> {
  const { device, folder, say } = context;
  try {
    const { description, oneDnn } = await tryOut("cpu", context);
    say(`works: ${description}, oneDNN ${oneDnn ? "on" : "off"}`);
  } catch (cause) {
    context.signal.throwIfAborted();
    rmSync(join(folder, tensorflowFiles.manifest));
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BackendInstallError(
      `TensorFlow was built but does not work: ${reason} To start afresh, add --remove, then run it again.`,
      { cause },
    );
  }
  if (device !== "cuda") return;
  try {
    const { description } = await tryOut("cuda", context);
    say(`works: ${description}`);
  } catch (error) {
    context.signal.throwIfAborted();
    say(`CUDA could not be tried here: ${error instanceof Error ? error.message : String(error)}`);
  }
}
