import { readFileSync } from "node:fs";

/** Files and folders of the repository that have a page here, from its root. */
const pages: Readonly<Record<string, string>> = {
  "README.md": "/start",
  "CONTRIBUTING.md": "/contributing",
  "bench/README.md": "/benchmarks",
  "docs/cuda-in-node.md": "/cuda",
  "docs/init-v1.md": "/init-v1",
  "docs/webgpu.md": "/webgpu",
  "docs/decisions": "/decisions/",
  "examples/custom-architecture": "/architecture",
  "examples/custom-dataset": "/dataset",
  "examples/playground": "/browser#the-playground",
  "results/README.md": "/results",
};

/** The page about a file or folder of the repository, if there is one. */
export function pageOf(path: string): string | undefined {
  const decision = /^docs\/decisions\/(.+)\.md$/.exec(path);
  if (decision) return `/decisions/${decision[1]}`;
  const folder = /^packages\/([^/]+)(?:\/README\.md)?$/.exec(path)?.[1];
  if (folder === "cli") return "/api/commands";
  if (folder !== undefined) return `/api/${packageName(folder)}`;
  return pages[path];
}

function packageName(folder: string): string {
  const file = new URL(`../../packages/${folder}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { name: string }).name;
}
