// npm run results -- [run folders to keep]

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describeError } from "../../../packages/cli/src/errors.ts";
import { processIo } from "../../../packages/cli/src/io.ts";
import { keepRun } from "./keep-run.ts";
import { resultFiles } from "./write-results.ts";

const root = process.cwd();
const results = join(root, "results");
try {
  mkdirSync(results, { recursive: true });
  const io = processIo();
  for (const folder of process.argv.slice(2)) {
    console.log(`kept ${await keepRun(folder, results, io)}`);
  }
  const files = await resultFiles(root);
  rmSync(join(results, "figures"), { recursive: true, force: true });
  for (const [path, contents] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), contents);
    console.log(path);
  }
} catch (error) {
  console.error(`error: ${describeError(error)}`);
  process.exitCode = 1;
}
