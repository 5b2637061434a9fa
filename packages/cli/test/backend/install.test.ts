import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { assertDisk, assertPlatform } from "../../src/backends/tensorflow/requirements.ts";
import { cudaRequirementsOf } from "../../src/backends/tensorflow/wheels.ts";
import { fakeMachine, fakePython } from "./fakes.ts";

const complete = async () => {
  const machine = await fakeMachine();
  await machine.put("python3", fakePython());
  await machine.put("g++", "");
  await machine.put("npm", "");
  return machine;
};

test("backend install: without Python it says what to install, and that WASM needs none", async () => {
  const machine = await fakeMachine();
  const { code, error } = await machine.install();
  expect(code).toBe(1);
  expect(error).toContain('there is no "python3", whose pip finds TensorFlow');
  expect(error).toContain("apt install python3-pip");
  expect(error).toContain("--backend wasm");
  const other = await machine.install("--python", "python3.99");
  expect(other.error).toContain('there is no "python3.99"');
});

test("backend install: a Python without pip", async () => {
  const machine = await complete();
  await machine.put("python3", 'echo "No module named pip" >&2; exit 1');
  expect((await machine.install()).error).toContain('"python3" has no pip');
});

test("backend install: without a C++ compiler nothing is downloaded", async () => {
  const machine = await fakeMachine();
  await machine.put("python3", fakePython());
  const { error } = await machine.install();
  expect(error).toContain('there is no C++ compiler "g++"');
  expect(error).toContain("apt install g++");
  expect((await machine.calls()).filter((call) => call.includes("download"))).toEqual([]);
});

test("backend install: without npm", async () => {
  const machine = await fakeMachine();
  await machine.put("python3", fakePython());
  await machine.put("g++", "");
  expect((await machine.install()).error).toContain("there is no npm on the PATH");
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
});

test("backend install: pip that finds nothing is asked for another Python's wheel, then explained", async () => {
  const machine = await complete();
  const download = 'echo "ERROR: No matching distribution found for tensorflow-cpu" >&2; exit 1';
  await machine.put("python3", fakePython({ download }));
  const { code, error } = await machine.install();
  expect(code).toBe(1);
  expect(error).toContain("pip finds no wheel of tensorflow");
  expect(error).toContain("pip index versions");
  const downloads = (await machine.calls()).filter((call) => call.includes("pip download"));
  expect(downloads).toHaveLength(2);
  expect(downloads[1]).toContain("--only-binary=:all: --python-version 3.12");
});

test("backend install: pip's own complaint is passed on, once", async () => {
  const machine = await complete();
  const download = 'echo "ERROR: Could not connect to the index" >&2; exit 1';
  await machine.put("python3", fakePython({ download }));
  const { error } = await machine.install();
  expect(error).toContain("Could not connect to the index. The same command goes on");
  expect(error.trim().split("\n")).toHaveLength(1);
});

test("backend install: a disk that fills up while pip downloads", async () => {
  const machine = await complete();
  const download =
    'echo "ERROR: Could not install: [Errno 28] No space left on device" >&2; exit 1';
  await machine.put("python3", fakePython({ download }));
  expect((await machine.install()).error).toContain("the disk became full while pip downloaded");
});

test("backend install: a damaged wheel is removed, so that the next call fetches it again", async () => {
  const machine = await complete();
  const unpack = 'echo "zipfile.BadZipFile: File is not a zip file" >&2; exit 1';
  await machine.put("python3", fakePython({ unpack }));
  const { error } = await machine.install();
  expect(error).toContain(
    "is damaged (zipfile.BadZipFile: File is not a zip file) and was removed",
  );
  expect((await machine.files()).filter((file) => file.endsWith(".whl"))).toEqual([]);
});

test("backend install: an interrupted download leaves no partial file and is taken up again", async () => {
  const machine = await complete();
  const slow = 'echo half > "$TMPDIR/half.whl"; exec /bin/sleep 30';
  await machine.put("python3", fakePython({ download: slow }));
  const { code, error } = await machine.installUntil("pip download");
  expect(code).toBe(130);
  expect(error).toBe("error: interrupted\n");
  expect((await machine.files()).filter((file) => file.endsWith(".whl"))).toEqual([]);
});

test("backend install: goes on after the last step that was finished", async () => {
  const machine = await complete();
  await machine.put(
    "npm",
    '[ "$1" = --version ] || { echo "npm error network is down" >&2; exit 1; }',
  );
  const first = await machine.install();
  expect(first.error).toContain("npm could not download @tensorflow/tfjs-node@4.22.0");
  expect(first.error).toContain("network is down");
  expect(first.out).toContain("downloading tensorflow");
  const second = await machine.install();
  expect(second.out).not.toContain("downloading tensorflow");
  expect(second.error).toContain("npm could not download");
});

test("backend install: what another version of bn-only left is made anew", async () => {
  const machine = await complete();
  await machine.put("npm", '[ "$1" = --version ] || exit 1');
  const folder = join(machine.backends, "tensorflow-cpu");
  await mkdir(join(folder, "lib"), { recursive: true });
  await writeFile(join(folder, "installation.json"), '{ "format": 1 }');
  await writeFile(join(folder, "lib", "tfjs_binding.node"), "");
  const { out } = await machine.install();
  expect(out).toContain("what is installed is of another version of bn-only; it is made anew");
  expect(out).toContain("downloading tensorflow");
  expect((await machine.files()).filter((file) => file.endsWith(".node"))).toEqual([]);
});

test("backend install: a tarball that is not the published one is not used", async () => {
  const machine = await complete();
  await machine.put("npm", '[ "$1" = --version ] || echo altered > tensorflow-tfjs-node.tgz');
  const { error } = await machine.install();
  expect(error).toContain("the tarball of @tensorflow/tfjs-node@4.22.0 is not the published one");
  expect((await machine.files()).some((file) => file.endsWith("tfjs-node"))).toBe(false);
});

test("backend install --remove: removes what is there, and says so when nothing is", async () => {
  const machine = await complete();
  await machine.put("npm", '[ "$1" = --version ] || exit 1');
  await machine.install();
  expect(await machine.files()).not.toEqual([]);
  expect((await machine.install("--remove")).out).toMatch(/^removed .+tensorflow-cpu\n$/);
  expect(await machine.files()).toEqual([]);
  expect((await machine.install("--remove")).out).toContain("nothing was installed in");
});

test("backend install: another name gets the one there is", async () => {
  const machine = await fakeMachine();
  const { code, error } = await machine.install("--remove", "--cdua");
  expect(code).toBe(2);
  expect(error).toContain("--cdua");
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
