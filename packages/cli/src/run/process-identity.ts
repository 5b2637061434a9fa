import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { isRunning, type Machine, thisMachine } from "@bn-only/files";

/** Which process it was, so that another one that later got its number is told apart. */
export interface ProcessIdentity extends Machine {
  readonly pid: number;
  /** When the system started it; absent where it does not tell. */
  readonly startTime?: string;
}

export function thisProcess(): ProcessIdentity {
  const { pid } = process;
  return { pid, ...defined({ startTime: startTimeOf(pid) }), ...thisMachine() };
}

/** `unknown` for a process of another host or container, which cannot be looked at from here. */
export function stateOf(one: ProcessIdentity): "alive" | "dead" | "unknown" {
  const here = thisMachine();
  if (one.host !== here.host) return "unknown";
  if (one.boot !== here.boot) return "dead";
  if (one.namespace !== here.namespace) return "unknown";
  if (!isRunning(one.pid)) return "dead";
  const startTime = startTimeOf(one.pid);
  const reused = startTime !== undefined && startTime !== one.startTime;
  return reused && one.startTime !== undefined ? "dead" : "alive";
}

/** On Linux in clock ticks since the boot: field 22 of proc(5)'s stat, whose second field may hold anything. */
function startTimeOf(pid: number): string | undefined {
  if (process.platform === "win32") return undefined;
  try {
    if (process.platform === "linux") {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    }
    const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
      encoding: "utf8",
      env,
    }).trim();
  } catch {
    return undefined;
  }
}

function defined<Key extends string>(
  entries: Readonly<Record<Key, string | undefined>>,
): Partial<Record<Key, string>> {
  return Object.fromEntries(
    Object.entries(entries).filter(([, value]) => value !== undefined),
  ) as Partial<Record<Key, string>>;
}
