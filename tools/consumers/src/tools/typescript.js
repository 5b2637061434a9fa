import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execute } from "../commands.js";
import { makeProject, versionOf } from "../project.js";

const strict = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  target: "es2022",
  lib: ["es2023", "dom", "dom.iterable"],
  types: ["node"],
};

/** Compiles the same program strictly, by the ways in which packages are found, with and without checking declarations. */
export function typescript(range) {
  return async (setting) => {
    const project = await makeProject(setting, `typescript-${range}`, [
      `typescript@${range}`,
      "@types/node@20",
    ]);
    const tool = `TypeScript ${await versionOf(project, "typescript")}`;
    const rows = [];
    for (const [module, moduleResolution] of [
      ["nodenext", "nodenext"],
      ["esnext", "bundler"],
    ]) {
      for (const skipLibCheck of [true, false]) {
        const compilerOptions = {
          module,
          moduleResolution,
          skipLibCheck,
          ...strict,
        };
        const config = { compilerOptions, files: ["types.ts"] };
        await writeFile(join(project, "tsconfig.json"), JSON.stringify(config));
        const how = `${moduleResolution}, skipLibCheck ${skipLibCheck}`;
        rows.push({ tool, how, ...(await compile(project)) });
      }
    }
    return rows;
  };
}

/** What is wrong in declarations of others, tfjs above all, is counted and not ours to mend. */
export async function compile(project) {
  const tsc = join(project, "node_modules/.bin/tsc");
  const output = await execute(tsc, ["-p", "."], { cwd: project }).then(
    () => "",
    (error) => error.message,
  );
  const faults = output.split("\n").filter((line) => /error TS\d+/.test(line));
  const ours = faults.filter((line) => !/^(\.\.\/)*node_modules\/(?!@bn-only\/)/.test(line));
  if (ours.length > 0) return { outcome: { error: ours.join("\n") } };
  // A compiler that was not there, or did not come to its end, has said nothing of types.
  if (output !== "" && faults.length === 0) return { outcome: { error: output } };
  return {
    compiled:
      faults.length === 0
        ? "compiles"
        : `compiles; ${faults.length} errors in tfjs's own declarations`,
  };
}
