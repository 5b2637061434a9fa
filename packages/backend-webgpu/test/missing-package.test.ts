import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const installed = fileURLToPath(new URL("../../../node_modules", import.meta.url));

test("registerWebgpuBackend: in Node without npm's webgpu it says what to install", async () => {
  const folder = await mkdtemp(join(tmpdir(), "no-webgpu-"));
  try {
    // All that is installed here, but for one package.
    await mkdir(join(folder, "node_modules"));
    for (const name of await readdir(installed)) {
      if (name === "webgpu" || name.startsWith(".")) continue;
      await symlink(join(installed, name), join(folder, "node_modules", name));
    }
    const script = `
      const { registerWebgpuBackend } = await import("@bn-only/backend-webgpu");
      await registerWebgpuBackend().catch(({ name, message }) => console.log(name + ": " + message));`;
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ["--preserve-symlinks", "--input-type=module", "--eval", script],
      // A driver that is named stands for a GPU.
      { cwd: folder, env: { ...process.env, VK_ICD_FILENAMES: "/nowhere.json" } },
    );
    expect(stderr).toBe("");
    expect(stdout).toBe(`WebgpuError: WebGPU in Node needs a package; run "npm install webgpu"\n`);
  } finally {
    await rm(folder, { recursive: true });
  }
});
