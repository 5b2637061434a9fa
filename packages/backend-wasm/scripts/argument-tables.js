// The AssemblyScript half of src/kernels/arguments.ts: positions of arguments as constants, which
// the compiler puts into the addresses of loads.
import { readdir, readFile } from "node:fs/promises";
import { transform } from "esbuild";

/** A function that can be run as a job. */
const kernel = /^export function (\w+)\(args: usize, chunk: i32, scratch: usize\)/gm;

/** What `readPixels` of assembly/prologue.ts expects behind the kind. */
const prologue = "prologueOffset,prologueCoefficients";

/**
 * @param {string} root folder of the package
 * @returns {Promise<string>} text of assembly/generated/arguments.ts
 * @throws Error when table and kernels do not agree
 */
export async function argumentTables(root) {
  const table = await readTable(`${root}src/kernels/arguments.ts`);
  const kernels = await kernelNames(`${root}assembly/`);
  const missing = kernels.filter((name) => !(name in table));
  const unknown = Object.keys(table).filter((name) => !kernels.includes(name));
  if (missing.length > 0 || unknown.length > 0) {
    throw new Error(
      `src/kernels/arguments.ts: kernels of assembly/ without a line: ${missing.join(", ") || "none"}; ` +
        `lines without a kernel: ${unknown.join(", ") || "none"}.`,
    );
  }
  const enums = Object.entries(table).map(([name, text]) => {
    const names = text.split(/\s+/);
    const twice = names.find((item, i) => names.indexOf(item) !== i);
    const kind = names.indexOf("prologueKind");
    if (kind >= 0 && names.slice(kind + 1, kind + 3).join() !== prologue) {
      throw new Error(
        `src/kernels/arguments.ts: ${name} must have "${prologue}" after prologueKind.`,
      );
    }
    if (twice) throw new Error(`src/kernels/arguments.ts: ${name} has "${twice}" twice.`);
    const title = name[0].toUpperCase() + name.slice(1);
    return `export const enum ${title} {\n${names.map((item) => `  ${item},\n`).join("")}}\n`;
  });
  return `// Made by scripts/build-kernels.js from src/kernels/arguments.ts.\n${enums.join("")}`;
}

async function readTable(file) {
  const { code } = await transform(await readFile(file, "utf8"), { loader: "ts", format: "esm" });
  const url = `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`;
  return (await import(url)).kernelArguments;
}

async function kernelNames(folder) {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".ts"));
  const texts = await Promise.all(files.map((name) => readFile(folder + name, "utf8")));
  return texts.flatMap((text) => [...text.matchAll(kernel)].map(([, name]) => name));
}
