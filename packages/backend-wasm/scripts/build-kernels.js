// Compiles `assembly/` six times: without and with fused multiply-add, the latter also for engines that make
// one vector of two; each for shared and for plain memory. The binaries go to `kernels/`, which is not in git.
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { main } from "assemblyscript/asc";
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
}
