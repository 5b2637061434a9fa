import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const packages = fileURLToPath(new URL("../../", import.meta.url));

/** Kilobytes on disk that an installed package may take; see docs/decisions/2026-11-27-what-a-tarball-holds.md. */
const budgets: Readonly<Record<string, number>> = {
  "backend-tensorflow": 310,
  "backend-wasm": 1100,
  "backend-webgpu": 335,
  backends: 140,
  "bn-only-trainer": 670,
  cli: 2300,
  datasets: 720,
  "frozen-layers": 840,
  "resnet-zoo": 170,
};

interface Packed {
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

async function contents(folder: string): Promise<Packed> {
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const { stdout } = await promisify(execFile)("npm", args, { cwd: `${packages}${folder}` });
  return (JSON.parse(stdout) as Packed[])[0]!;
}

test("every package has a budget", () => {
  expect(readdirSync(packages).toSorted()).toEqual(Object.keys(budgets).toSorted());
});

// On the build: `npm run build` first.
test.each(Object.entries(budgets))(
  "%s: the tarball has its licence, its sources once, and at most %d KB",
  async (folder, budget) => {
    const { files, unpackedSize } = await contents(folder);
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(["LICENSE", "README.md", "package.json"]));
    expect(
      paths.filter((path) => /(^|\/)(test|generated|\.turbo)\/|tsbuildinfo/.test(path)),
    ).toEqual([]);
    expect(unpackedSize / 1000).toBeLessThan(budget);
  },
);
