/**
 * `bn-only` in the cache folder of the user: `XDG_CACHE_HOME` or `~/.cache`; `~/Library/Caches` on macOS;
 * `%LOCALAPPDATA%` on Windows.
 */
export function cacheFolder(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
): string {
  const { homedir } = process.getBuiltinModule("node:os");
  const { join } = process.getBuiltinModule("node:path");
  const home = homedir();
  if (platform === "darwin") return join(home, "Library", "Caches", "bn-only");
  if (platform === "win32") {
    return join(environment["LOCALAPPDATA"] || join(home, "AppData", "Local"), "bn-only");
  }
  return join(environment["XDG_CACHE_HOME"] || join(home, ".cache"), "bn-only");
}
