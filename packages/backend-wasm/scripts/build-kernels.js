// Compiles `assembly/` six times: without and with fused multiply-add, the latter also for engines that make
// one vector of two; each for shared and for plain memory. The binaries go to `kernels/` and, with the thread's
// script, into modules of `src/generated/`, so that no bundler has to find a file. Neither folder is in git.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import { main } from "assemblyscript/asc";
import { transform } from "esbuild";
import { argumentTables } from "./argument-tables.js";

const root = fileURLToPath(new URL("..", import.meta.url));

const common =
  "assembly/index.ts -O3 --noAssert --runtime stub --importMemory --maximumMemory 65536 " +
  "--memoryBase 8192 --exportTable --enable simd --enable bulk-memory";
const simd = "--use PAIRS=0";
const fma = "--use PAIRS=0 --enable relaxed-simd";
const revec = "--use PAIRS=1 --enable relaxed-simd";
const shared = "--enable threads --sharedMemory";

await mkdir(`${root}kernels`, { recursive: true });
await mkdir(`${root}assembly/generated`, { recursive: true });
await mkdir(`${root}src/generated`, { recursive: true });
await writeFile(`${root}assembly/generated/arguments.ts`, await argumentTables(root));
for (const [name, options] of [
  ["simd", simd],
  ["fma", fma],
  ["revec", revec],
  ["simd-shared", `${simd} ${shared}`],
  ["fma-shared", `${fma} ${shared}`],
  ["revec-shared", `${revec} ${shared}`],
]) {
  const file = `kernels/${name}.wasm`;
  const args = `${common} ${options} -o ${file}`.split(/ +/);
  const { error, stderr } = await main(args, {
    writeFile: (path, contents) => writeFile(`${root}${path}`, contents),
    baseDir: root,
  });
  if (error) {
    process.stderr.write(`${stderr.toString()}\n`);
    throw new Error(`${file}: assembly/ does not compile (${error.message}).`);
  }
  const packed = deflateRawSync(await readFile(`${root}${file}`), { level: 9 }).toString("base64");
  await writeModule(name, "packedKernels", packed);
}

const thread = await readFile(`${root}src/threads/thread.js`, "utf8");
await writeModule("thread", "threadScript", (await transform(thread, { minify: true })).code);

/** A module of `src/generated/` that exports one text. */
async function writeModule(name, constant, text) {
  const code = `export const ${constant}: string = ${JSON.stringify(text)};\n`;
  await writeFile(`${root}src/generated/${name}.ts`, code);
}
