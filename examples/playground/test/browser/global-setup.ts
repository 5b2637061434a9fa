import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isolation, serveFolder } from "@bn-only/testing/static-site";
import { build } from "vite";
import type { TestProject } from "vitest/node";
import { missing } from "./playground.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Address of the built page, isolated from other origins. */
    isolated: string;
    /** The same without the headers. */
    plain: string;
  }
}

/** Builds the page once, as `npm run playground` does, and serves it for all tests. */
export async function setup({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  provide("isolated", "");
  provide("plain", "");
  if (missing !== "") return undefined;
  const folder = await mkdtemp(join(tmpdir(), "playground-"));
  const root = fileURLToPath(new URL("../..", import.meta.url));
  await build({ root, logLevel: "error", build: { outDir: folder, emptyOutDir: true } });
  // Below a path, as a project's page on GitHub is.
  const servers = [
    await serveFolder(folder, "/some/path/", isolation),
    await serveFolder(folder, "/some/path/"),
  ];
  provide("isolated", servers[0]!.url);
  provide("plain", servers[1]!.url);
  return async () => {
    servers.forEach(({ close }) => close());
    await rm(folder, { recursive: true });
  };
}
