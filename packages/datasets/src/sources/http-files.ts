import { checkOptions } from "../check.ts";
import { checkAddress } from "./file-options.ts";
import { httpSource } from "./http.ts";
import type { DataFiles, Source, SourceContext } from "./source.ts";

/** Options of `httpFilesSource`. */
export interface HttpFilesSourceOptions {
  /** Named in messages. Default: the address. */
  readonly name?: string | undefined;
  /** Address of the folder, with a slash at its end. */
  readonly url: string;
}

/** Every file of the manifest by its name below one address, over HTTP(S), one after another. */
export function httpFilesSource(options: HttpFilesSourceOptions): Source {
  checkOptions("httpFilesSource", options, { name: true, url: true });
  const { url, name = url } = options;
  checkAddress(name, url);
  return {
    name,
    network: true,
    async load(context: SourceContext): Promise<DataFiles> {
      const files = new Map<string, Uint8Array>();
      for (const expected of context.manifest.files) {
        const file = httpSource({
          name,
          url: new URL(expected.name, url).href,
          expected,
          read: async (body) => new Map([[expected.name, body]]),
        });
        for (const [key, bytes] of await file.load(context)) files.set(key, bytes);
      }
      return files;
    },
  };
}
