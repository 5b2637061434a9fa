import { cp } from "node:fs/promises";
import { basename } from "node:path";
import { execute } from "../../consumers/src/commands.js";

/** What is made by a build or a run, and history. */
const left = new Set([".git", ".turbo", "dist", "generated", "node_modules", "results", "runs"]);

/** The sources as they are now, as a repository of one commit. */
export async function copySources(from, to) {
  await cp(from, to, { recursive: true, filter: (path) => !left.has(basename(path)) });
  const author = ["-c", "user.name=rehearsal", "-c", "user.email=rehearsal@localhost"];
  for (const args of [
    ["init", "--quiet", "--initial-branch", "main"],
    ["add", "--all"],
    [...author, "commit", "--quiet", "--no-verify", "-m", "what would be released"],
  ]) {
    await execute("git", args, { cwd: to });
  }
}
