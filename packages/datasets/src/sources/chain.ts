import { show } from "@bn-only/errors";
import { DatasetUnavailableError, FormatError, SourceError } from "../errors.ts";
import type { Attempt } from "../errors.ts";
import type { DatasetEvent } from "../events.ts";
import { verify } from "./checksum.ts";
import { NothingThereError } from "./nothing-there.ts";
import type { DataFiles, Manifest, Source } from "./source.ts";

/** One place in the chain. */
export interface ChainLink {
  readonly source: Source;
  /** The user named this source: when it fails, its error ends the load. */
  readonly required?: boolean;
  /** Nothing is said of it unless it holds something that is wrong: a cache is expected to be empty. */
  readonly quiet?: boolean;
  /** Called with the verified files; used to fill the cache. */
  readonly keep?: (files: DataFiles, signal: AbortSignal) => Promise<void>;
}

export interface ChainOptions {
  readonly offline: boolean;
  /** Milliseconds without a byte after which a source is passed over. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly report: (event: DatasetEvent) => void;
  /** Last sentence of the error when every source fails: what a person can do. */
  readonly advice: string;
}

/**
 * Asks the sources in order and returns the first complete, verified set of files, with the name of
 * its source.
 *
 * @throws DatasetUnavailableError when no source delivered; the reason of `signal` when aborted; what
 *   `report` throws, which aborts as well
 */
export async function loadFromChain(
  manifest: Manifest,
  links: readonly ChainLink[],
  options: ChainOptions,
): Promise<{ files: DataFiles; source: string }> {
  const { offline, timeout } = options;
  const { signal, report: tell } = stoppedBy(options);
  const { dataset } = manifest;
  const attempts: Attempt[] = [];
  const usable = links.filter(({ source }) => !(offline && source.network));
  for (const [position, link] of usable.entries()) {
    const { source, quiet = false } = link;
    const report = quiet ? silence : tell;
    signal.throwIfAborted();
    report({
      event: "source",
      dataset,
      source: source.name,
      message: `${dataset}: asking ${source.name}`,
    });
    try {
      const files = await source.load({ manifest, timeout, signal, report });
      await verifyFiles(manifest, files, source.name);
      const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
      report({
        event: "verify",
        dataset,
        source: source.name,
        bytes,
        message: `${dataset}: SHA-256 of ${manifest.files.length} files from ${source.name} is right`,
      });
      await link.keep?.(files, signal);
      signal.throwIfAborted();
      return { files, source: source.name };
    } catch (error) {
      signal.throwIfAborted();
      if (link.required === true) throw error;
      const reason = reasonOf(error);
      attempts.push({ source: source.name, reason });
      if (quiet && error instanceof NothingThereError) continue;
      const next = usable[position + 1]?.source.name;
      tell({
        event: "skip",
        dataset,
        source: source.name,
        reason,
        ...(next === undefined ? {} : { next }),
        message:
          `${dataset}: passing over ${source.name} (${reason}); ` +
          (next === undefined ? "no source is left" : `next: ${next}`),
      });
    }
  }
  for (const { source } of links) {
    if (offline && source.network) attempts.push({ source: source.name, reason: "offline" });
  }
  throw new DatasetUnavailableError(dataset, attempts, options.advice);
}

/** A report that throws aborts the load with its error: no source takes it for one of its own. */
function stoppedBy({ signal, report }: ChainOptions): Pick<ChainOptions, "signal" | "report"> {
  const stop = new AbortController();
  return {
    signal: AbortSignal.any([signal, stop.signal]),
    report(event) {
      try {
        report(event);
      } catch (error) {
        stop.abort(error);
        throw error;
      }
    },
  };
}

function silence(): void {}

async function verifyFiles(manifest: Manifest, files: DataFiles, source: string): Promise<void> {
  if (typeof (Object(files) as Partial<DataFiles>).get !== "function") {
    throw new SourceError(`it gave ${show(files)}, expected a Map of bytes by name.`);
  }
  for (const expected of manifest.files) {
    const bytes = files.get(expected.name);
    if (!(bytes instanceof Uint8Array)) {
      const got = bytes === undefined ? "none" : show(bytes);
      throw new FormatError(expected.name, `expected this file from ${source}, got ${got}.`);
    }
    await verify(expected.name, bytes, expected);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof NothingThereError) return error.reason.replace(/\.$/, "");
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
}
