import { mkdir, readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { execute, serve } from "./commands.js";

/** An empty registry on this machine, in which anybody may publish our packages. */
export async function startRegistry(folder) {
  const place = join(folder, "registry");
  await mkdir(place, { recursive: true });
  // Its dependency on a tag that mirrors may lack is named by its version.
  const manifest = { private: true, overrides: { "node-fetch": "2.7.0" } };
  await writeFile(join(place, "package.json"), JSON.stringify(manifest));
  await execute("npm", ["install", "--silent", "verdaccio@6"], { cwd: place });
  await writeFile(
    join(place, "config.yaml"),
    "storage: ./storage\npackages:\n  '@bn-only/*':\n    access: $all\n    publish: $anonymous\nlog: { type: stdout, level: warn }\n",
  );
  const port = await freePort();
  const registry = await serve(
    join(place, "node_modules/.bin/verdaccio"),
    ["--config", "config.yaml", "--listen", `127.0.0.1:${port}`],
    { cwd: place, ready: /http address/ },
  );
  const address = `http://127.0.0.1:${port}/`;
  const rc = `@bn-only:registry=${address}\n//127.0.0.1:${port}/:_authToken=anyone\n`;
  return { address, rc, stop: registry.stop };
}

/** Packs every package and publishes it, as for anybody. */
export async function publishPackages({ rc }, folder, root) {
  const userconfig = join(folder, "publish.npmrc");
  await writeFile(userconfig, rc);
  const names = await readdir(join(root, "packages"));
  const workspaces = names.flatMap((name) => ["--workspace", join("packages", name)]);
  // Provenance tells the workflow that published, and this is none.
  const options = ["--silent", "--provenance=false", "--userconfig", userconfig];
  await execute("npm", ["publish", ...options, ...workspaces], { cwd: root });
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
