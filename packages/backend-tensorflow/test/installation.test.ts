import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { describeTensorflow, tensorflowLines } from "../src/install/index.ts";
import { readInstallation, tensorflowFolder } from "../src/installation.ts";
import { findTensorflow, loadTensorflow } from "../src/load.ts";
import { ownTfjsNode } from "../src/load-own.ts";
import { completeMachine } from "./install/fakes.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "bn-only-installation-"));
});
afterEach(() => rm(root, { recursive: true }));

async function packageFolder(name: string): Promise<string> {
  const folder = join(root, "node_modules", name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ name, main: "index.js" }));
  return folder;
}

const damaged = [
  "",
  "{",
  "null",
  "[]",
  '"3"',
  '{"format":3}',
  '{"format":3,"device":"tpu","tensorflow":"2.21.0","wheel":"w","tfjsNode":"4"}',
  '{"format":3,"device":"cpu","tensorflow":221,"wheel":"w","tfjsNode":"4"}',
  '{"format":4,"device":"cpu","tensorflow":"2.21.0","wheel":"w","tfjsNode":"4"}',
];

test.each(damaged)("the manifest %s: no installation, and doctor says what to do", async (text) => {
  const env = { BN_ONLY_BACKENDS: root };
  const folder = tensorflowFolder("cpu", env);
  await mkdir(folder);
  await writeFile(join(folder, "installation.json"), text);
  expect(readInstallation(folder)).toBeUndefined();
  const findings = await describeTensorflow({ env, signal: new AbortController().signal });
  expect(findings.installations).toEqual([]);
  expect(tensorflowLines(findings)[0]).toBe(
    `What is installed in ${folder} is damaged, or of another version of bn-only: bn-only backend install tensorflow makes it anew`,
  );
});

test("a manifest that is a folder: the installer makes everything anew", async () => {
  const machine = await completeMachine();
  await machine.put("npm", '[ "$1" = --version ] || exit 1');
  const manifest = join(machine.backends, "tensorflow-cpu/installation.json");
  await mkdir(manifest, { recursive: true });
  const { out } = await machine.install();
  expect(out).toContain("what is installed is damaged");
  expect(out).toContain("downloading tensorflow");
});

test("tensorflowFolder: a relative BN_ONLY_BACKENDS is made absolute", () => {
  expect(isAbsolute(tensorflowFolder("cpu", { BN_ONLY_BACKENDS: "here" }))).toBe(true);
});

test("ownTfjsNode: nothing is looked for, only what the variable names is taken", async () => {
  const folder = await packageFolder("@tensorflow/tfjs-node");
  expect(ownTfjsNode({})).toBeUndefined();
  expect(ownTfjsNode({ BN_ONLY_TFJS_NODE: "" })).toBeUndefined();
  const own = { name: "@tensorflow/tfjs-node", folder, device: "cpu" };
  expect(ownTfjsNode({ BN_ONLY_TFJS_NODE: folder })).toEqual(own);
  const gpu = await packageFolder("@tensorflow/tfjs-node-gpu");
  expect(ownTfjsNode({ BN_ONLY_TFJS_NODE: gpu })?.device).toBe("cuda");
});

test.each(["lodash", "constructor", "__proto__"])("ownTfjsNode: %s is refused", async (name) => {
  const folder = await packageFolder(name);
  expect(() => ownTfjsNode({ BN_ONLY_TFJS_NODE: folder })).toThrow(
    `BN_ONLY_TFJS_NODE: expected the folder of one of @tensorflow/tfjs-node, @tensorflow/tfjs-node-gpu, such as ` +
      `/project/node_modules/@tensorflow/tfjs-node, got ${folder}, which holds ${name}`,
  );
  expect(() => ownTfjsNode({ BN_ONLY_TFJS_NODE: root })).toThrow("which holds no package");
});

test("findTensorflow: a tfjs-node in the working folder is not seen", async () => {
  await packageFolder("@tensorflow/tfjs-node");
  const before = { folder: process.cwd(), backends: process.env["BN_ONLY_BACKENDS"] };
  process.chdir(root);
  process.env["BN_ONLY_BACKENDS"] = join(root, "none");
  try {
    expect(findTensorflow("cpu")).toBeUndefined();
  } finally {
    process.chdir(before.folder);
    if (before.backends === undefined) delete process.env["BN_ONLY_BACKENDS"];
    else process.env["BN_ONLY_BACKENDS"] = before.backends;
  }
});

test("installTensorflow: a tfjs-node that the variable names is used as it is", async () => {
  const folder = await packageFolder("@tensorflow/tfjs-node");
  const machine = await completeMachine();
  const { out } = await machine.install("python3", { env: { BN_ONLY_TFJS_NODE: folder } });
  expect(out).toBe(
    `BN_ONLY_TFJS_NODE names ${folder}: it is used as it is, and nothing was installed\n`,
  );
  expect(await machine.calls()).toEqual([]);
});

test("a tfjs-node that cannot be loaded leaves the environment as it was", async () => {
  const folder = await packageFolder("@tensorflow/tfjs-node");
  await writeFile(join(folder, "index.js"), "throw new Error('broken');");
  vi.stubEnv("BN_ONLY_TFJS_NODE", folder);
  vi.stubEnv("CUDA_VISIBLE_DEVICES", undefined);
  vi.stubEnv("TF_CPP_MIN_LOG_LEVEL", "3");
  const before = { ...process.env };
  expect(() => loadTensorflow("cpu", 1)).toThrow(/cannot be loaded \(broken\)/);
  expect({ ...process.env }).toEqual(before);
  vi.unstubAllEnvs();
});
