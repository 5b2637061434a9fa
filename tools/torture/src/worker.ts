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
process.on("disconnect", () => process.exit());
process.send!("ready");

async function run({ folder, args, interruptAt, fault }: Task): Promise<Outcome> {
  process.chdir(folder);
  process.env["XDG_CACHE_HOME"] = `${folder}/cache`;
  files.root = realpathSync(folder);
  disk.begin(fault);
  let [out, err] = ["", ""];
  const interrupt = new AbortController();
  const write = (text: string): void => {
    out += text;
    if (interruptAt !== undefined && text.includes(`"step":${interruptAt},`)) interrupt.abort();
  };
  const code = await main(args, {
    stdout: { write },
    stderr: { write: (text: string) => void (err += text) },
    env: process.env,
    signal: interrupt.signal,
  });
  files.root = "";
  return { code, out, err, operations: [...disk.done], struck: disk.struck };
}
