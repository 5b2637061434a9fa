import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../markdown/include.ts";

const read = (path: string) => JSON.parse(readFileSync(join(repository, path), "utf8"));
const { scripts } = read("package.json") as { scripts: Record<string, string> };
const { packages } = read("package-lock.json") as { packages: Record<string, unknown> };
/** The program that commands of the pages call. */
export const bin = join(repository, "packages/cli/bin/bn-only.js");

/** Programs of others, which have nothing of ours to look up. */
const others = new Set(["apt-get", "cd", "export", "git", "ls", "npx changeset"]);

/** What is wrong with a line that no test runs: a package, script, file, command or option that is not there. */
export function faultsOf(code: string): string[] {
  return code
    .replaceAll("\\\n", " ")
    .split("\n")
    .flatMap((line) => line.replace(/(^|\s)#.*$/, "").split(/&&|\|/))
    .map((line) => line.trim().replace(/^([A-Z_]+=\S+\s+)+/, ""))
    .filter((line) => line !== "")
    .flatMap((line) => faultsOfLine(line.split(/\s+/)).map((fault) => `${line}: ${fault}`));
}

function faultsOfLine([program, ...args]: readonly string[]): string[] {
  const [first = "", ...rest] = args;
  if (program === "bn-only") return faultsOfCli(args);
  if (program === "npx" && /^(@bn-only\/cli|bn-only)$/.test(first)) return faultsOfCli(rest);
  if (program === "npx" && first === "vitest") return rest.flatMap(faultOfPath);
  if (program === "npm") return faultsOfNpm(first, rest);
  if (program === "node" || program === "python3") return faultOfPath(first);
  const known = others.has(program!) || others.has(`${program} ${first}`);
  return known ? [] : ["nobody knows this program"];
}

function faultsOfNpm(command: string, args: readonly string[]): string[] {
  if (command === "ci") return [];
  if (command === "start" || command === "test")
    return command in scripts ? [] : ["no such script"];
  if (command === "run") return (args[0] ?? "") in scripts ? [] : ["no such script"];
  return args
    .filter((name) => !name.startsWith("-"))
    .map((name) => name.replace(/(?<=.)@[^/]*$/, ""))
    .filter((name) => !(`node_modules/${name}` in packages))
    .map((name) => `no package ${name}`);
}

const helps = new Map<string, string>();

function faultsOfCli(args: readonly string[]): string[] {
  const command = args[0] === "backend" ? args.slice(0, 2) : args.slice(0, 1);
  const help = helpOf(command);
  if (!help.includes(`bn-only ${command.join(" ")}`)) return ["no such command"];
  return args
    .filter((option) => option.startsWith("--") && option !== "--help")
    .filter((option) => !help.includes(option.split("=")[0]!))
    .map((option) => `no option ${option}`);
}

function helpOf(command: readonly string[]): string {
  const key = command.join(" ");
  const known = helps.get(key);
  if (known !== undefined) return known;
  const help = execFileSync(process.execPath, [bin, ...command, "--help"], { encoding: "utf8" });
  helps.set(key, help);
  return help;
}

function faultOfPath(path: string): string[] {
  if (!path.includes("/") || path.startsWith("-") || path.startsWith("<")) return [];
  return existsSync(join(repository, path)) ? [] : [`there is no ${path}`];
}
