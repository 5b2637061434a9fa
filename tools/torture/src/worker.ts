// A process that runs command lines of the built bn-only, one after the other, over a watched file system.
import { realpathSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { FaultyDisk } from "./fault.ts";
import { real, WatchedFiles } from "./layer/files.ts";
import { install } from "./layer/install.ts";
import type { Outcome, Task } from "./protocol.ts";

const disk = new FaultyDisk(
  (path) => real.statSync(`${files.root}/${path}`, { throwIfNoEntry: false })?.size ?? 0,
);
const files = new WatchedFiles(disk);
install(files);
const { main } = (await import(pathToFileURL(process.argv[2]!).href)) as {
  readonly main: (args: readonly string[], io: object) => Promise<number>;
};

process.on("message", (task: Task) => void run(task).then((outcome) => process.send!(outcome)));
process.send!("ready");

async function run({ folder, args, fault }: Task): Promise<Outcome> {
  process.chdir(folder);
  files.root = realpathSync(folder);
  disk.begin(fault);
  let [out, err] = ["", ""];
  const code = await main(args, {
    stdout: { write: (text: string) => void (out += text) },
    stderr: { write: (text: string) => void (err += text) },
    env: process.env,
    signal: new AbortController().signal,
  });
  files.root = "";
  return { code, out, err, operations: [...disk.done], struck: disk.struck };
}
