#!/usr/bin/env node
// Not a part of the build, so that `npm ci` in a clone finds it and links the command. Nothing here is newer
// than Node 12.22, so that each Node that can read it says what is wrong.

import { existsSync } from "node:fs";

const [major, minor] = process.versions.node.split(".").map(Number);
const built = new URL("../dist/bin.js", import.meta.url);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(
    `bn-only needs Node 20.19 or later, this is ${process.version}. Install one from https://nodejs.org.`,
  );
} else if (existsSync(built)) {
  import(built.href);
} else {
  fail('bn-only is not built yet. Run "npm run build" in the root of the clone.');
}

function fail(message) {
  console.error(`error: ${message}`);
  process.exitCode = 1;
}
