import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

const types: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** Isolates a page from other origins, so that it may have threads. */
export const isolation: Readonly<Record<string, string>> = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/**
 * Serves a folder below a path, as hosts of static pages do: `index.html` for a folder, `404.html`, where there is one, for what is
 * not there.
 *
 * @param base `/`, or such as `/some/path/`
 */
export async function serveFolder(
  folder: string,
  base: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly url: string; readonly close: () => void }> {
  const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();
  const server = createServer(({ url = "/" }, response) => {
    const path = decodeURIComponent(new URL(url, "http://localhost").pathname);
    const wanted = join(folder, path.slice(base.length), path.endsWith("/") ? "index.html" : "");
    const found = path.startsWith(base) && isFile(wanted);
    const file = found ? wanted : join(folder, "404.html");
    response.statusCode = found ? 200 : 404;
    if (!isFile(file)) return void response.end();
    response.setHeader("content-type", types[extname(file)] ?? "application/octet-stream");
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}${base}`, close: () => server.close() };
}
