import {
  checkFlag,
  checkFunction,
  checkInteger,
  checkOptions,
  checkPath,
  checkSignal,
  checkText,
  checkThat,
} from "../check.ts";
import type { LoadOptions } from "../definition.ts";
import type { Source } from "./source.ts";

/** Longer waits are none for a timer. */
const longestTimeout = 2_147_483_647;

/** That are held in memory: 4 GiB. */
const mostBytes = 4_294_967_296;

/** Those of every data set; each reads the ones it knows. */
export const loadOptionNames: Readonly<Record<keyof LoadOptions, true>> = {
  directory: true,
  cacheDirectory: true,
  offline: true,
  sources: true,
  timeout: true,
  onProgress: true,
  signal: true,
  trainSize: true,
  testSize: true,
  shape: true,
  classes: true,
  seed: true,
};

/** @throws OptionError for a name that no option of any data set has, and for what is no value of one of files */
export function checkLoadOptions(subject: string, options: LoadOptions): void {
  checkOptions(subject, options, loadOptionNames);
  const { directory, cacheDirectory, offline, sources, timeout, onProgress, signal } = options;
  if (directory !== undefined) checkPath("directory", directory);
  if (cacheDirectory !== undefined) checkPath("cacheDirectory", cacheDirectory);
  if (offline !== undefined) checkFlag("offline", offline);
  if (sources !== undefined) checkSources(sources);
  if (timeout !== undefined) checkInteger("timeout", timeout, 1, longestTimeout);
  if (onProgress !== undefined) checkFunction("onProgress", onProgress);
  if (signal !== undefined) checkSignal(signal);
}

/** @throws OptionError unless they are a list of sources */
export function checkSources(sources: unknown): void {
  checkThat(Array.isArray(sources) && sources.every(isSource), "sources", expected, sources);
}

const expected = "a list of sources { name, network, load() }, such as httpSource gives";

function isSource(source: unknown): boolean {
  const { name, network, load } = Object(source) as Partial<Source>;
  return typeof name === "string" && typeof network === "boolean" && typeof load === "function";
}

/** @throws OptionError unless it says how long a file is, and its SHA-256 */
export function checkExpected(option: string, value: unknown): void {
  const { bytes, sha256 } = Object(value) as Record<string, unknown>;
  checkInteger(`${option}: bytes`, bytes, 0, mostBytes);
  const isDigest = typeof sha256 === "string" && /^[0-9a-f]{64}$/.test(sha256);
  checkThat(isDigest, `${option}: sha256`, "64 lower-case hexadecimal digits", sha256);
}

/** @throws OptionError unless a source has a name, and the address is one */
export function checkAddress(name: unknown, url: unknown): void {
  checkText("name", name);
  const isAddress = typeof url === "string" && /^https?:/.test(url) && URL.canParse(url);
  checkThat(isAddress, "url", "an address, https://…", url);
}
