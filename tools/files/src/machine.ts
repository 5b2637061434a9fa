/** What the number of a process is good for: the host's name, and on Linux its boot and the namespace of the numbers. */
export interface Machine {
  readonly host: string;
  readonly boot?: string;
  readonly namespace?: string;
}

export function thisMachine(): Machine {
  const { readFileSync, readlinkSync } = process.getBuiltinModule("node:fs");
  const boot = read(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  const namespace = read(() => readlinkSync("/proc/self/ns/pid"));
  const host = process.getBuiltinModule("node:os").hostname();
  return { host, ...(boot && { boot }), ...(namespace && { namespace }) };
}

/** Tells machines, boots and containers apart in 8 digits. */
export function machineTag(): string {
  const { createHash } = process.getBuiltinModule("node:crypto");
  return createHash("sha256").update(JSON.stringify(thisMachine())).digest("hex").slice(0, 8);
}

function read(from: () => string): string | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    return from();
  } catch {
    return undefined;
  }
}

/** Whether a process of this machine has the number. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It runs, as another user's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
