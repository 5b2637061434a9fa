// Writes api/commands.md: what `--help` of every command of bn-only says.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../../packages/cli/bin/bn-only.js", import.meta.url));
const help = (...command) =>
  execFileSync(process.execPath, [bin, ...command, "--help"], { encoding: "utf8" }).trim();

const names = [...help().matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name);
const sections = names
  .filter((name) => name !== "help")
  .map((name) => `## bn-only ${name}\n\n\`\`\`text\n${help(name)}\n\`\`\`\n`);
const text = `# Commands\n\n\`npx @bn-only/cli\`, or \`bn-only\` after \`npm install --global @bn-only/cli\`. The same texts as \`--help\` prints.\n\n${sections.join("\n")}`;
writeFileSync(new URL("../api/commands.md", import.meta.url), text);
