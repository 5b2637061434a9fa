import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execute } from "../../consumers/src/commands.js";

/** The packages as the registry hands them out, for `faultsOf`. */
export async function downloadReleased(names, { folder, rc }) {
  const place = join(folder, "released");
  await mkdir(place);
  const npmrc = join(folder, "released.npmrc");
  await writeFile(npmrc, rc);
  await execute("npm", ["pack", "--silent", "--userconfig", npmrc, ...names], { cwd: place });
  const read = (file, path) => execute("tar", ["xzOf", file, `package/${path}`], { cwd: place });
  const tarballs = (await readdir(place)).map(async (file) => {
    const list = await execute("tar", ["tzf", file], { cwd: place });
    const paths = list
      .trim()
      .split("\n")
      .map((path) => path.replace(/^package\//, ""));
    const manifest = JSON.parse(await read(file, "package.json"));
    const changelog = paths.includes("CHANGELOG.md") ? await read(file, "CHANGELOG.md") : "";
    return { paths, manifest, changelog };
  });
  return Promise.all(tarballs);
}
