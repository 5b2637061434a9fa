import { createHash } from "node:crypto";
import { basename, resolve } from "node:path";
import { FOLDER, folderPath } from "../data/folder.ts";
import { imageSize } from "../data/shape.ts";
import type { RunDescription } from "../run/record.ts";
import { type FreeOption, type TrainingOptions, withoutFree } from "../training/options.ts";

/** All that decides the bits of a run: its resolved options without those that change nothing about the model. */
export interface RunConfiguration extends Omit<TrainingOptions, FreeOption> {
  readonly network: string;
}

/** What a run folder was made with. */
export function configurationOf({ network, options }: RunDescription): RunConfiguration {
  return { network, ...withoutFree(options) };
}

/** JSON with sorted names, the same for the same values wherever it is made. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

export const sha256 = (data: string | Uint8Array): string =>
  createHash("sha256").update(data).digest("hex");

/** SHA-256 of the canonical JSON of a configuration, in hexadecimal; the same wherever the data lie. */
export function hashOf({ dataDir: _dataDir, dataset, ...others }: RunConfiguration): string {
  return sha256(canonicalJson({ ...others, dataset: withoutPath(dataset) }));
}

/** A folder of images by its name alone, which tells it from other ones. */
function withoutPath(dataset: string): string {
  const path = folderPath(dataset);
  return path === undefined ? dataset : FOLDER + basename(resolve(path));
}

/** `cifar-resnet-14-bn-seed0-1a2b3c4d5e6f`: what a person wants to see, and the hash that makes it unique. */
export function folderName(configuration: RunConfiguration): string {
  const { network, condition, seed } = configuration;
  const name = `${network}-${condition}-seed${seed}`.replaceAll(/[^\w.+-]+/g, "_");
  return `${name}-${hashOf(configuration).slice(0, 12)}`;
}

/** The command line of `bn-only` that trains it, every option given. */
export function trainArguments(configuration: RunConfiguration): string[] {
  const { network, augment, fma, nesterov, inputShape, plugin = [], ...values } = configuration;
  const flags = Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .flatMap(([name, value]) => [`--${kebab(name)}`, String(value)]);
  return [
    "train",
    network,
    ...flags,
    ...(inputShape ? ["--input-shape", imageSize(inputShape)] : []),
    ...plugin.flatMap((module) => ["--plugin", module]),
    ...(augment ? [] : ["--no-augment"]),
    ...(nesterov ? ["--nesterov"] : []),
    ...(fma ? [] : ["--no-fma"]),
  ];
}

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
