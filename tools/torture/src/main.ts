import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readOptions } from "./options.ts";
import { Pool } from "./pool.ts";
import { tortureAll } from "./torture.ts";

const options = readOptions();
const scratch = mkdtempSync(join(tmpdir(), "bn-only-torture-"));
const pool = new Pool(resolve("packages/cli/dist/main.js"));
const clean = async (): Promise<void> => {
  await pool.close();
  rmSync(scratch, { recursive: true, force: true });
};
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => void clean().then(() => process.exit(1)));
}
try {
  process.exitCode = await tortureAll(options, { pool, scratch });
} finally {
  await clean();
}
