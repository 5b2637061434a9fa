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
};

/** Serves a folder below a path, with its `404.html` for what is not there, as hosts of static pages do. */
export async function serve(folder: string, base: string): Promise<{ url: string; close(): void }> {
  const server = createServer(({ url = "/" }, response) => {
    const path = decodeURIComponent(new URL(url, "http://localhost").pathname);
    const inside = path.startsWith(base) ? path.slice(base.length) : "404.html";
    const wanted = join(
      folder,
      inside === "" || inside.endsWith("/") ? `${inside}index.html` : inside,
    );
    const there = existsSync(wanted) && statSync(wanted).isFile();
    const file = there ? wanted : join(folder, "404.html");
    response.writeHead(there && path.startsWith(base) ? 200 : 404, {
      "content-type": types[extname(file)] ?? "application/octet-stream",
    });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}${base}`, close: () => server.close() };
}
