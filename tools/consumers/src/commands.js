import { spawn } from "node:child_process";

/**
 * Runs a program to its end, or to the end of its time, and then nothing that it has started goes on.
 *
 * @returns {Promise<string>} what it wrote; rejects with it when the program fails
 */
export function execute(command, args, { cwd, env = {}, timeout = 300_000 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, detached: true });
    let [output, errors, late] = ["", "", ""];
    const timer = setTimeout(() => {
      late = `no end after ${timeout} ms, `;
      killGroup(child, "SIGKILL");
    }, timeout);
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (errors += text));
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(output);
      else
        reject(
          new Error(
            `${command} ${args.join(" ")}: ${late}${signal ?? `exit ${code}`}\n${output}${errors}`,
          ),
        );
    });
  });
}

/** Starts a server and waits for a line of its output that matches; `stop` ends it. */
export async function serve(command, args, { cwd, env = {}, ready, timeout = 60_000 }) {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, detached: true });
  let output = "";
  const stop = () => killGroup(child, "SIGTERM");
  try {
    const match = await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer in ${timeout} ms`)), timeout);
      const read = (text) => {
        output += text;
        const found = ready.exec(output);
        if (!found) return;
        clearTimeout(timer);
        resolve(found);
      };
      child.stdout.on("data", read);
      child.stderr.on("data", read);
      child.on("error", reject);
      child.on("close", () => reject(new Error("it has ended")));
    });
    return { match, stop, output: () => output };
  } catch (error) {
    stop();
    throw new Error(`${command} ${args.join(" ")}: ${error.message}\n${output}`, { cause: error });
  }
}

function killGroup({ pid }, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}
