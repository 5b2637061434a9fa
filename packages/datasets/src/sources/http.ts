import { checkFunction, checkOptions } from "../check.ts";
import { checkAddress, checkExpected } from "./file-options.ts";
import type { FileDigest } from "../errors.ts";
import { digest, verify } from "./checksum.ts";
import { download } from "./download.ts";
import { reportVerified } from "./progress.ts";
import type { DataFiles, Source, SourceContext } from "./source.ts";

/** Options of `httpSource`: one file, and what it holds. */
export interface HttpSourceOptions {
  /** Named in messages. */
  readonly name: string;
  readonly url: string;
  /** What the body must be, byte for byte. Checked before `read` sees it. */
  readonly expected: FileDigest;
  /** Turns the verified body into the files of the data set; stops when `signal` is aborted. */
  readonly read: (body: Uint8Array, signal: AbortSignal) => Promise<DataFiles>;
}

/**
 * One file over HTTP(S), held in memory. A broken connection is taken up where it broke, and a server
 * that is busy is asked again; see `download`. A redirect from https to http is refused.
 */
export function httpSource(options: HttpSourceOptions): Source {
  checkOptions("httpSource", options, { name: true, url: true, expected: true, read: true });
  const { name, url, expected, read } = options;
  checkAddress(name, url);
  checkExpected("expected", expected);
  checkFunction("read", read);
  return {
    name,
    network: true,
    async load(context: SourceContext): Promise<DataFiles> {
      const first = await download(url, name, expected, context);
      let { body } = first;
      if (first.joined && (await digest(body)).sha256 !== expected.sha256) {
        // The parts may be of two files.
        ({ body } = await download(url, name, expected, context));
      }
      await verify(url, body, expected);
      reportVerified(context, name, expected.bytes);
      return read(body, context.signal);
    },
  };
}
