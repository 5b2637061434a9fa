import { createReadStream, existsSync, statSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Plugin } from "vite";

const files = /\/data\/cifar10\/((?:data_batch_[1-5]|test_batch)\.bin)$/;

type Environment = Readonly<Record<string, string | undefined>>;

/** The folders that `bn-only datasets fetch cifar10` and `BN_ONLY_DATA` fill. */
export function folders(
  environment: Environment = process.env,
  platform: string = process.platform,
): string[] {
  const named = environment["BN_ONLY_DATA"];
  const roots = [...(named ? [named] : []), join(userCache(environment, platform), "bn-only")];
  return roots.flatMap((root) => [join(root, "cifar10"), join(root, "cifar-10-batches-bin"), root]);
}

/** As `@bn-only/datasets` finds it. */
function userCache(environment: Environment, platform: string): string {
  const home = homedir();
  if (platform === "darwin") return join(home, "Library", "Caches");
  if (platform === "win32") return environment["LOCALAPPDATA"] || join(home, "AppData", "Local");
  return environment["XDG_CACHE_HOME"] || join(home, ".cache");
}

/** Hands out this machine's copy of CIFAR-10 below `data/cifar10/`, in development and preview. */
export function localCifar10(): Plugin {
  const handle = (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const name = files.exec((request.url ?? "").split("?")[0]!)?.[1];
    if (name === undefined) return next();
    const path = folders()
      .map((folder) => join(folder, name))
      .find((candidate) => existsSync(candidate));
    if (path === undefined) {
      response.statusCode = 404;
      response.end(`${name} is not on this machine`);
      return;
    }
    response.setHeader("content-type", "application/octet-stream");
    response.setHeader("content-length", statSync(path).size);
    createReadStream(path).pipe(response);
  };
  return {
    name: "local-cifar10",
    configureServer: ({ middlewares }) => void middlewares.use(handle),
    configurePreviewServer: ({ middlewares }) => void middlewares.use(handle),
  };
}
