import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** Serves a folder below `/some/path/`, as a project's page on GitHub is, with or without isolation. */
export async function serve(
  folder: string,
  { isolated }: { readonly isolated: boolean },
): Promise<{ readonly url: string; readonly close: () => void }> {
  const server: Server = createServer(({ url = "/" }, response) => {
    const path = new URL(url, "http://localhost").pathname;
    const file = join(folder, normalize(path.replace(/^\/some\/path\//, "")) || ".");
    const whole = path.endsWith("/") ? join(file, "index.html") : file;
    if (!path.startsWith("/some/path/") || !existsSync(whole) || !statSync(whole).isFile()) {
      response.statusCode = 404;
      response.end();
      return;
    }
    response.setHeader("content-type", types[extname(whole)] ?? "application/octet-stream");
    if (isolated) {
      response.setHeader("cross-origin-opener-policy", "same-origin");
      response.setHeader("cross-origin-embedder-policy", "require-corp");
    }
    createReadStream(whole).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/some/path/`, close: () => server.close() };
}
