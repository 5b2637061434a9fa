import { cp } from "node:fs/promises";
import { basename } from "node:path";
import { execute } from "../../consumers/src/commands.js";

/** History, and what a build, a test or a run makes while this goes on. */
const left =
  /^(?:\.git|\.readme|\.turbo|\.venv|__pycache__|coverage|dist|generated|node_modules|results|runs|\w+-findings)$/;

/** The sources as they are now, as a repository of one commit. */
export async function copySources(from, to) {
  await cp(from, to, { recursive: true, filter: (path) => !left.test(basename(path)) });
  const author = ["-c", "user.name=rehearsal", "-c", "user.email=rehearsal@localhost"];
  for (const args of [
    ["init", "--quiet", "--initial-branch", "main"],
    ["add", "--all"],
    [...author, "commit", "--quiet", "--no-verify", "-m", "what would be released"],
  ]) {
    await execute("git", args, { cwd: to });
  }
}
