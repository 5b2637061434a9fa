import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Which process it was, so that another one that later got its number is told apart. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the system started it; absent where it does not tell. */
  readonly startTime?: string;
  /** The host's name, and on Linux its boot and the namespace of the process numbers. */
  readonly host: string;
  readonly boot?: string;
  readonly namespace?: string;
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
  if (!isThere(one.pid)) return "dead";
  const startTime = startTimeOf(one.pid);
  const reused = startTime !== undefined && startTime !== one.startTime;
  return reused && one.startTime !== undefined ? "dead" : "alive";
}

/** Tells machines, boots and containers apart in 8 digits. */
export function machineTag(): string {
  return createHash("sha256").update(JSON.stringify(thisMachine())).digest("hex").slice(0, 8);
}

export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
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

function thisMachine(): Pick<ProcessIdentity, "host" | "boot" | "namespace"> {
  const boot = read(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  const namespace = read(() => readlinkSync("/proc/self/ns/pid"));
  return { host: hostname(), ...defined({ boot, namespace }) };
}

function read(from: () => string): string | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    return from();
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
