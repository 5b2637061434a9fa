import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { assertDisk, assertPlatform } from "../../src/install/requirements.ts";
import { cudaRequirementsOf } from "../../src/install/wheels.ts";
import { completeMachine as complete, fakeMachine, fakePython } from "./fakes.ts";

test("installTensorflow: without Python it says what to install, and that WASM needs none", async () => {
  const machine = await fakeMachine();
  const { error } = await machine.install();
  expect(error?.name).toBe("BackendInstallError");
  expect(error?.message).toContain('there is no "python3", whose pip finds TensorFlow');
  expect(error?.message).toContain("apt install python3-pip");
  expect(error?.message).toContain("--backend wasm");
  const other = await machine.install("python3.99");
  expect(other.error?.message).toContain('there is no "python3.99"');
});

test("installTensorflow: a Python without pip", async () => {
  const machine = await complete();
  await machine.put("python3", 'echo "No module named pip" >&2; exit 1');
  expect((await machine.install()).error?.message).toContain('"python3" has no pip');
});

test("installTensorflow: without a C++ compiler nothing is downloaded", async () => {
  const machine = await fakeMachine();
  await machine.put("python3", fakePython());
  const { error } = await machine.install();
  expect(error?.message).toContain('there is no C++ compiler "g++"');
  expect(error?.message).toContain("apt install g++");
  expect((await machine.calls()).filter((call) => call.includes("download"))).toEqual([]);
});

test("installTensorflow: without npm", async () => {
  const machine = await fakeMachine();
  await machine.put("python3", fakePython());
  await machine.put("g++", "");
  expect((await machine.install()).error?.message).toContain("there is no npm on the PATH");
});

test("assertDisk: says how much is needed, what there is and how to use another disk", () => {
  const context = {
    folder: "/small",
    device: "cpu" as const,
    python: "python3",
    env: {},
    signal: new AbortController().signal,
    say: () => {},
  };
  expect(() => assertDisk(context, 1.5e9)).toThrow(
    "TensorFlow needs 2.0 GB of disk while it is installed, /small has 1.5 GB. " +
      "Free some, or name a folder on another disk in the variable BN_ONLY_BACKENDS.",
  );
  expect(() => assertDisk({ ...context, device: "cuda" }, 2e9)).toThrow("needs 12.0 GB");
  expect(() => assertDisk(context, 2e9)).not.toThrow();
});

test("assertPlatform: refuses what TensorFlow's wheels do not run on", () => {
  const linux = { platform: "linux", arch: "x64", glibc: "2.36" };
  expect(() => assertPlatform(linux)).not.toThrow();
  expect(() => assertPlatform({ ...linux, arch: "arm64" })).not.toThrow();
  expect(() => assertPlatform({ ...linux, platform: "darwin" })).toThrow("this is darwin-x64");
  expect(() => assertPlatform({ ...linux, platform: "win32" })).toThrow("WSL 2");
  expect(() => assertPlatform({ ...linux, glibc: undefined })).toThrow("Alpine has musl");
  expect(() => assertPlatform({ ...linux, glibc: "2.27" })).not.toThrow();
  expect(() => assertPlatform({ ...linux, glibc: "2.17" })).toThrow(
    "need glibc 2.27 or newer, this machine has 2.17",
  );
});

test("installTensorflow --unverified: pip that finds nothing is asked for another Python's wheel, then explained", async () => {
  const machine = await complete();
  const download = 'echo "ERROR: No matching distribution found for tensorflow-cpu" >&2; exit 1';
  await machine.put("python3", fakePython({ download }));
  const { error } = await machine.install("python3", { unverified: true });
  expect(error?.message).toContain("pip finds no wheel of tensorflow");
  expect(error?.message).toContain("pip index versions");
  const downloads = (await machine.calls()).filter((call) => call.includes("pip download"));
  expect(downloads).toHaveLength(2);
  expect(downloads[1]).toContain("--only-binary=:all: --python-version 3.12");
});

test("installTensorflow: pip's own complaint is passed on, once", async () => {
  const machine = await complete();
  const download = 'echo "ERROR: Could not connect to the index" >&2; exit 1';
  await machine.put("python3", fakePython({ download }));
  const { error } = await machine.install();
  expect(error?.message).toContain("Could not connect to the index. The same command goes on");
  expect(error?.message.split("\n")).toHaveLength(1);
});

test("installTensorflow: a disk that fills up while pip downloads", async () => {
  const machine = await complete();
  const download =
    'echo "ERROR: Could not install: [Errno 28] No space left on device" >&2; exit 1';
  await machine.put("python3", fakePython({ download }));
  expect((await machine.install()).error?.message).toContain(
    "the disk became full while pip downloaded",
  );
});

test("installTensorflow: a damaged wheel is removed, so that the next call fetches it again", async () => {
  const machine = await complete();
  const unpack = 'echo "zipfile.BadZipFile: File is not a zip file" >&2; exit 1';
  await machine.put("python3", fakePython({ unpack }));
  const { error } = await machine.install();
  expect(error?.message).toContain(
    "is damaged (zipfile.BadZipFile: File is not a zip file) and was removed",
  );
  expect((await machine.files()).filter((file) => file.endsWith(".whl"))).toEqual([]);
});

test("installTensorflow: an interrupted download leaves no partial file and is taken up again", async () => {
  const machine = await complete();
  const slow = 'echo half > "$TMPDIR/half.whl"; exec /bin/sleep 30';
  await machine.put("python3", fakePython({ download: slow }));
  const { error } = await machine.installUntil("pip download");
  expect(error?.name).toBe("AbortError");
  expect((await machine.files()).filter((file) => file.endsWith(".whl"))).toEqual([]);
});

test("installTensorflow: goes on after the last step that was finished", async () => {
  const machine = await complete();
  await machine.put(
    "npm",
    '[ "$1" = --version ] || { echo "npm error network is down" >&2; exit 1; }',
  );
  const first = await machine.install();
  expect(first.error?.message).toContain("npm could not download @tensorflow/tfjs-node@4.22.0");
  expect(first.error?.message).toContain("network is down");
  expect(first.out).toContain("downloading tensorflow");
  const second = await machine.install();
  expect(second.out).not.toContain("downloading tensorflow");
  expect(second.error?.message).toContain("npm could not download");
});

test("installTensorflow: what another version of bn-only left is made anew", async () => {
  const machine = await complete();
  await machine.put("npm", '[ "$1" = --version ] || exit 1');
  const folder = join(machine.backends, "tensorflow-cpu");
  await mkdir(join(folder, "lib"), { recursive: true });
  await writeFile(join(folder, "installation.json"), '{ "format": 1 }');
  await writeFile(join(folder, "lib", "tfjs_binding.node"), "");
  const { out } = await machine.install();
  expect(out).toContain(
    "what is installed is damaged, or of another version of bn-only; it is made anew",
  );
  expect(out).toContain("downloading tensorflow");
  expect((await machine.files()).filter((file) => file.endsWith(".node"))).toEqual([]);
});

test("installTensorflow: a tarball that is not the published one is not used", async () => {
  const machine = await complete();
  await machine.put("npm", '[ "$1" = --version ] || echo altered > tensorflow-tfjs-node.tgz');
  const { error } = await machine.install();
  expect(error?.message).toContain(
    "the tarball of @tensorflow/tfjs-node@4.22.0 is not the published one",
  );
  expect((await machine.files()).some((file) => file.endsWith("tfjs-node"))).toBe(false);
});

test("cudaRequirementsOf: what a wheel's metadata list under and-cuda", () => {
  const metadata = [
    "Requires-Dist: numpy>=1.26.0",
    'Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"',
    "Requires-Dist: nvidia-cudnn-cu12 (<10.0,>=9.3.0.75) ; extra == 'and-cuda'",
  ].join("\n");
  expect(cudaRequirementsOf(metadata)).toEqual([
    "nvidia-cublas-cu12<13.0,>=12.5.3.2",
    "nvidia-cudnn-cu12<10.0,>=9.3.0.75",
  ]);
});
