import { readCommandLine, refuse } from "@bn-only/testing/command-line";
import { startBnOnly } from "./peers/bn-only.ts";
import { startJaxOnWasm } from "./peers/jax.ts";
import { startOnnx } from "./peers/onnx.ts";
import type { Peer, PeerSetting } from "./peers/peer.ts";
import { startTfjs } from "./peers/tfjs.ts";

// One library by itself, in a process of its own: what bench:peers takes in turn. Prints one line of JSON, its
// description and the best milliseconds of each work; null where it is not installed.

const WARM_UP = 3;

const starts: Readonly<Record<string, (setting: PeerSetting) => Promise<Peer | undefined>>> = {
  "bn-only": startBnOnly,
  tfjs: startTfjs,
  jax: startJaxOnWasm,
  onnx: startOnnx,
};

const values = readCommandLine({
  command: "node dist/peer.js",
  about: "The works of bench:peers in one library.",
  options: {
    peer: { type: "string", default: "bn-only", help: "library", placeholder: "name" },
    threads: { type: "string", default: "2", help: "threads", placeholder: "n", from: 1 },
    "batch-size": { type: "string", default: "128", help: "images", placeholder: "n", from: 1 },
    steps: { type: "string", default: "10", help: "runs of each work", placeholder: "n", from: 1 },
  },
});
const start = starts[values.peer] ?? refuse(`there is no peer "${values.peer}"`);

async function best(work: () => void | Promise<void>): Promise<number> {
  let least = Infinity;
  for (let run = -WARM_UP; run < Number(values.steps); run++) {
    const begin = performance.now();
    await work();
    if (run >= 0) least = Math.min(least, performance.now() - begin);
  }
  return least;
}

const peer = await start({
  batchSize: Number(values["batch-size"]),
  threads: Number(values.threads),
});
if (peer) {
  const milliseconds: Record<string, number> = {};
  for (const [name, work] of Object.entries(peer.works)) milliseconds[name] = await best(work);
  console.log(JSON.stringify({ description: peer.description, milliseconds }));
} else console.log("null");
process.exit(0);
