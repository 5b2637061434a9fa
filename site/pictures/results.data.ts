import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { drawCurves, type KeptRun } from "./curves.ts";

/** An SVG, and whether there are runs at all. */
declare const data: { readonly svg: string; readonly runs: readonly KeptRun[] };
export { data };

const results = fileURLToPath(new URL("../../results/", import.meta.url));

/** The runs in `results/`, those that go on there included. */
export default {
  watch: ["../../results/*/metrics.jsonl"],
  load() {
    const runs = readdirSync(results)
      .filter((name) => existsSync(`${results}${name}/metrics.jsonl`))
      .map(readRun)
      .sort((a, b) => b.accuracies.length - a.accuracies.length);
    return { svg: drawCurves(runs), runs };
  },
};

function readRun(folder: string): KeptRun {
  const read = (name: string) => readFileSync(`${results}${folder}/${name}`, "utf8");
  const { status, network, options } = JSON.parse(read("run.json")) as {
    status: string;
    network: string;
    options: { condition: string; seed: number; epochs: number; dataset: string };
  };
  const accuracies = read("metrics.jsonl")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { event: string; testAccuracy?: number })
    .filter(({ event, testAccuracy }) => event === "epoch" && testAccuracy !== undefined)
    .map(({ testAccuracy }) => testAccuracy!);
  return { network, ...options, finished: status === "finished", accuracies };
}
