#!/usr/bin/env node
// Not a part of the build, so that `npm ci` in a clone finds it and links the command.

import { existsSync } from "node:fs";

const built = new URL("../dist/bin.js", import.meta.url);
if (existsSync(built)) {
  await import(built.href);
} else {
  console.error('bn-only is not built yet. Run "npm run build" in the root of the clone.');
  process.exitCode = 1;
}
