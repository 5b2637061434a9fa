/** Drivers complain on standard error of a session without `XDG_RUNTIME_DIR`, whose windows nobody wants here. */
export async function withoutWindows<Result>(work: () => Promise<Result>): Promise<Result> {
  const { env, platform }: Partial<NodeJS.Process> = globalThis.process ?? {};
  if (platform !== "linux" || env === undefined || env["XDG_RUNTIME_DIR"]) return work();
  env["XDG_RUNTIME_DIR"] = "/nowhere";
  try {
    return await work();
  } finally {
    delete env["XDG_RUNTIME_DIR"];
  }
}
