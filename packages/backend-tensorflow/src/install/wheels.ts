import { createHash } from "node:crypto";
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { tensorflowFiles } from "../installation.ts";
import { BackendInstallError } from "../errors.ts";
import { runProgram } from "./program.ts";
import type { InstallContext } from "./context.ts";
import { downloadPinned, downloadUnverified, nameOf } from "./pip-download.ts";
import type { PinnedWheel } from "./pins.ts";
import { partialFolder, putInPlace } from "./partial.ts";
import { assertDisk } from "./requirements.ts";
import { unpack } from "./unpack.ts";
import type { WantedTensorflow } from "./wanted.ts";

/**
 * Downloads the wheel of TensorFlow, and with CUDA those of NVIDIA that it asks for, and unpacks
 * what is needed. Returns the file name of TensorFlow's wheel.
 *
 * What an earlier call left is used if it is what this one would have brought, and removed otherwise.
 */
export async function fetchWheels(
  context: InstallContext,
  wanted: WantedTensorflow,
): Promise<string> {
  const { folder, say } = context;
  const site = join(folder, tensorflowFiles.site);
  const wheels = join(folder, "wheels");
  const finished = finishedWheel(site, wanted);
  if (finished !== undefined) return finished;
  if (existsSync(site)) say("what was unpacked is of another wheel; it is made anew");
  rmSync(site, { recursive: true, force: true });
  // It was built against what was there.
  rmSync(join(folder, tensorflowFiles.binding), { force: true });

  assertDisk(context);
  mkdirSync(wheels, { recursive: true });
  const files = wanted.pins
    ? await fetchPinned(context, wheels, wanted.pins)
    : await fetchUnverified(context, wheels, wanted);
  const wheel = files.find((name) => name.startsWith(prefixOf(wanted)))!;

  const partial = partialFolder(site);
  for (const name of files) {
    say(`unpacking ${name}`);
    await unpack(context, join(wheels, name), partial);
  }
  // A file with the wheel's name keeps in mind what this is.
  writeFileSync(join(partial, wheel), markOf(wanted));
  putInPlace(partial, site);
  rmSync(wheels, { recursive: true });
  return wheel;
}

function finishedWheel(site: string, wanted: WantedTensorflow): string | undefined {
  if (!existsSync(site)) return undefined;
  const wheel = readdirSync(site).find(
    (name) => name.startsWith(prefixOf(wanted)) && name.endsWith(".whl"),
  );
  const fits = wheel !== undefined && readFileSync(join(site, wheel), "utf8") === markOf(wanted);
  return fits ? wheel : undefined;
}

/** `tensorflow_cpu-2.21.0-` */
function prefixOf({ project, version }: Pick<WantedTensorflow, "project" | "version">): string {
  return `${project.replaceAll("-", "_")}-${version}-`;
}

function markOf({ pins }: WantedTensorflow): string {
  return pins ? pins.map(({ sha256, file }) => `${sha256}  ${file}\n`).join("") : "unverified\n";
}

async function fetchPinned(
  context: InstallContext,
  wheels: string,
  pins: readonly PinnedWheel[],
): Promise<string[]> {
  for (const name of readdirSync(wheels)) {
    if (!pins.some(({ file }) => file === name)) {
      rmSync(join(wheels, name), { recursive: true, force: true });
    }
  }
  for (const pin of pins) {
    const { file, project, version, sha256 } = pin;
    const path = join(wheels, file);
    if (existsSync(path) && (await sha256Of(path, context.signal)) === sha256) continue;
    rmSync(path, { recursive: true, force: true });
    context.say(`downloading ${project} ${version} with ${context.python} -m pip`);
    await downloadPinned(context, wheels, pin);
    if (!existsSync(path)) {
      throw new BackendInstallError(`pip left no ${file}, which is the wheel of ${project}.`);
    }
    const found = await sha256Of(path, context.signal);
    if (found === sha256) continue;
    rmSync(path, { force: true });
    throw new BackendInstallError(
      `${file} is not the published wheel (its SHA-256 is ${found}, expected ${sha256}); none of it was used. ` +
        `Check pip's index settings, and clear its cache with "pip cache purge".`,
    );
  }
  return pins.map(({ file }) => file);
}

async function fetchUnverified(
  context: InstallContext,
  wheels: string,
  { project, version }: WantedTensorflow,
): Promise<string[]> {
  context.say(
    `taking ${project} ${version} as pip's index offers it: bn-only does not check its hash`,
  );
  const prefix = prefixOf({ project, version });
  const wheel = await fetchOne(context, wheels, `${project}==${version}`, prefix);
  const requirements =
    context.device === "cuda" ? await cudaRequirements(context, join(wheels, wheel)) : [];
  const files = [wheel];
  for (const requirement of requirements) {
    const start = `${nameOf(requirement).replaceAll("-", "_")}-`;
    files.push(await fetchOne(context, wheels, requirement, start));
  }
  return files;
}

/** The newest wheel that the user's pip finds for a requirement; kept where it is there already. */
async function fetchOne(
  context: InstallContext,
  wheels: string,
  requirement: string,
  prefix: string,
): Promise<string> {
  const present = () =>
    readdirSync(wheels).find((name) => name.startsWith(prefix) && name.endsWith(".whl"));
  const before = present();
  if (before !== undefined) return before;
  context.say(`downloading ${requirement} with ${context.python} -m pip`);
  await downloadUnverified(context, wheels, requirement);
  const wheel = present();
  if (wheel === undefined) throw new BackendInstallError(`pip left no wheel of ${requirement}.`);
  return wheel;
}

async function sha256Of(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash, { signal });
  return hash.digest("hex");
}

/** What the wheel's metadata list under the extra `and-cuda`, such as `nvidia-cudnn-cu12<10,>=9.3`. */
async function cudaRequirements(
  { python, env, signal, folder }: InstallContext,
  wheel: string,
): Promise<string[]> {
  const script =
    "import sys, zipfile; w = zipfile.ZipFile(sys.argv[1]); " +
    "print(w.read(next(n for n in w.namelist() if n.endswith('.dist-info/METADATA'))).decode())";
  const { stdout } = await runProgram(python, ["-I", "-c", script, wheel], {
    env,
    signal,
    cwd: folder,
  });
  return cudaRequirementsOf(stdout);
}

/** Names and versions only: pip would take a requirement that begins with "-" for an option. */
export function cudaRequirementsOf(metadata: string): string[] {
  const pattern = /^Requires-Dist: ([^;\n]+);[^\n]*extra == ["']and-cuda["']/gm;
  return [...metadata.matchAll(pattern)]
    .map(([, requirement]) => requirement!.replaceAll(/[\s()]/g, ""))
    .filter((requirement) => /^nvidia-[\w.-]+(?:[<>=!~]=?[\w.*]+,?)*$/.test(requirement));
}
