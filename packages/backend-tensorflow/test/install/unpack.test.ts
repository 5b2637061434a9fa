import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { unpack } from "../../src/install/unpack.ts";

const missing = spawnSync("python3", ["--version"]).status !== 0;
const reason = missing ? ", skipped: there is no python3" : "";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "bn-only-unpack-"));
});
afterEach(() => rm(root, { recursive: true }));

/** A wheel of these files; a name that begins with "@" is a symbolic link to its content. */
function makeWheel(files: Readonly<Record<string, string>>): string {
  const script = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    for name, text in json.loads(sys.argv[2]).items():
        entry = zipfile.ZipInfo(name.lstrip("@"))
        if name.startswith("@"): entry.external_attr = 0o120777 << 16
        wheel.writestr(entry, text)`;
  const file = join(root, "a.whl");
  execFileSync("python3", ["-c", script, file, JSON.stringify(files)]);
  return file;
}

async function unpackAll(wheel: string): Promise<Error | undefined> {
  const context = {
    python: "python3",
    env: process.env,
    signal: new AbortController().signal,
    folder: root,
    device: "cpu" as const,
    say: () => {},
  };
  return unpack(context, wheel, join(root, "inner/site")).then(
    () => undefined,
    (error: Error) => error,
  );
}

describe.skipIf(missing)(`unpack${reason}`, () => {
  test("takes libraries and headers, and leaves the rest", async () => {
    const wheel = makeWheel({
      "tensorflow/libtensorflow_cc.so.2": "library",
      "tensorflow/python/evil.py": "code",
      "nvidia/nccl/lib/libnccl.so.2": "more",
    });
    expect(await unpackAll(wheel)).toBeUndefined();
    const library = join(root, "inner/site/tensorflow/libtensorflow_cc.so.2");
    expect(await readFile(library, "utf8")).toBe("library");
    expect(existsSync(join(root, "inner/site/nvidia/nccl/lib/libnccl.so.2"))).toBe(true);
    expect(existsSync(join(root, "inner/site/tensorflow/python"))).toBe(false);
  });

  test.each([
    "../evil",
    "nvidia/../../evil",
    "tensorflow/include/tsl/../../../../evil",
    "/evil",
    "//evil",
    "nvidia\\..\\..\\evil",
    "C:/evil",
    "@nvidia/link",
  ])("refuses the path %s, writes nothing and removes the wheel", async (name) => {
    const wheel = makeWheel({ "nvidia/good": "good", [name]: "../../.." });
    const error = await unpackAll(wheel);
    expect(error?.name).toBe("BackendInstallError");
    expect(error?.message).toContain("which may lead out of its folder. It was removed");
    expect(await readdir(root)).toEqual([]);
  });

  test("a damaged wheel is removed", async () => {
    const wheel = makeWheel({ "nvidia/good": "x".repeat(100) });
    const error = await unpackAll(wheel.replace("a.whl", "b.whl"));
    expect(error?.message).toContain("is damaged");
    expect(existsSync(wheel)).toBe(true);
  });
});
