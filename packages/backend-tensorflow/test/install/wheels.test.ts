import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tagsOf } from "../../src/install/pip-download.ts";
import { pinnedWheels } from "../../src/install/pins.ts";
import { pinnedVersion, wantedTensorflow } from "../../src/install/wanted.ts";
import { completeMachine, fakePython, fakeWheel } from "./fakes.ts";

// The fakes take an empty file for the published wheel.

const cpu = { device: "cpu", arch: "x64" } as const;

test("the pinned wheel: pip is told its hash and the Python that it is for, whatever Python runs", async () => {
  const machine = await completeMachine();
  await machine.put("npm", '[ "$1" = --version ] || exit 1');
  await machine.install();
  const [download] = (await machine.calls()).filter((call) => call.includes("pip download"));
  expect(download).toContain("--no-deps --no-input");
  expect(download).toContain(
    "--require-hashes --only-binary=:all: --implementation cp --abi cp311",
  );
  const site = join(machine.backends, "tensorflow-cpu/site");
  expect(await readFile(join(site, fakeWheel), "utf8")).toMatch(/^e3b0c442[0-9a-f]{56} {2}tens/);
});

test("a wheel of another content: none of it is unpacked, and it is not kept for the next call", async () => {
  const machine = await completeMachine();
  await machine.put("python3", fakePython({ download: `echo evil > "$wheels/${fakeWheel}"` }));
  const { error } = await machine.install();
  expect(error?.message).toMatch(
    /cp311.+whl is not the published wheel \(its SHA-256 is [0-9a-f]{64}, expected e3b0c442/,
  );
  expect((await machine.files()).filter((file) => /whl|site/.test(file))).toEqual([]);
  expect((await machine.calls()).filter((call) => call.includes("-I -c"))).toEqual([]);
});

test("pip's refusal of a hash is passed on", async () => {
  const machine = await completeMachine();
  const got = "0b".repeat(32);
  const download = `echo "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES
        Expected sha256 aa
             Got        ${got}" >&2; exit 1`;
  await machine.put("python3", fakePython({ download }));
  const { error } = await machine.install();
  expect(error?.message).toContain(
    `as tensorflow-cpu 2.21.0 is not the published wheel (its SHA-256 is ${got})`,
  );
});

test.each(["tensorflow_cpu-99.0.0-cp311-cp311-manylinux_2_27_x86_64.whl", fakeWheel])(
  "a file %s that an earlier call left is not believed",
  async (name) => {
    const machine = await completeMachine();
    await machine.put("npm", '[ "$1" = --version ] || exit 1');
    const wheels = join(machine.backends, "tensorflow-cpu/wheels");
    await mkdir(wheels, { recursive: true });
    await writeFile(join(wheels, name), "evil");
    const { out } = await machine.install();
    expect(out).toContain("downloading tensorflow-cpu 2.21.0");
    expect(out).toContain(`unpacking ${fakeWheel}`);
    expect(out).not.toContain("99.0.0");
  },
);

test("what was unpacked of another wheel is made anew, and the addon against it", async () => {
  const machine = await completeMachine();
  await machine.put("npm", '[ "$1" = --version ] || exit 1');
  const folder = join(machine.backends, "tensorflow-cpu");
  await mkdir(join(folder, "site"), { recursive: true });
  await mkdir(join(folder, "lib"));
  await writeFile(join(folder, "site", fakeWheel.replace("2.21.0", "99.0.0")), "");
  await writeFile(join(folder, "lib/tfjs_binding.node"), "");
  const { out } = await machine.install();
  expect(out).toContain("what was unpacked is of another wheel; it is made anew");
  const left = (await machine.files()).filter((file) => /99|binding/.test(file));
  expect(left).toEqual([]);
});

test("programs start in the installation's folder, never where the user is", async () => {
  const machine = await completeMachine();
  await machine.install();
  const folders = new Set(await machine.folders());
  for (const folder of folders) expect(folder).toContain(machine.backends);
  expect(folders.size).toBeGreaterThan(1);
});

test("--unverified: exactly the version that was asked for, and a line says what is trusted", async () => {
  const machine = await completeMachine();
  const download = ': > "$wheels/tensorflow_cpu-2.20.0-cp311-cp311-manylinux.whl"';
  await machine.put("python3", fakePython({ download }));
  await machine.put("npm", '[ "$1" = --version ] || exit 1');
  const { out } = await machine.install("python3", { version: "2.20.0", unverified: true });
  expect(out).toContain(
    "taking tensorflow-cpu 2.20.0 as pip's index offers it: bn-only does not check its hash",
  );
  const downloads = (await machine.calls()).filter((call) => call.includes("pip download"));
  expect(downloads.map((call) => call.split(" ").at(-1))).toEqual(["tensorflow-cpu==2.20.0"]);
  // The pinned one is not taken from there afterwards.
  expect((await machine.install()).out).toContain("what was unpacked is of another wheel");
});

test("wantedTensorflow: the pinned wheels where there are any", () => {
  const { project, version, pins } = wantedTensorflow(cpu);
  expect([project, version]).toEqual(["tensorflow-cpu", pinnedVersion]);
  expect(pins?.map(({ file }) => file)).toEqual([
    "tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl",
  ]);
  for (const { sha256 } of pinnedWheels) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
});

test.each([
  [{ ...cpu, version: "2.20.0" }, "TensorFlow 2.20.0 for the CPU on x64"],
  [{ device: "cpu", arch: "arm64" } as const, `TensorFlow ${pinnedVersion} for the CPU on arm64`],
  [{ device: "cuda", arch: "x64" } as const, `TensorFlow ${pinnedVersion} with CUDA on x64`],
])("wantedTensorflow: %j has no hash that is known", (options, what) => {
  expect(() => wantedTensorflow(options)).toThrow(
    `bn-only knows no hash of ${what}. Add --unverified to take exactly this version as pip's index offers it`,
  );
  expect(wantedTensorflow({ ...options, unverified: true }).pins).toBeUndefined();
});

test.each(["99.0.0", "3.0.0", "1.15.0", "2.21", "2.21.0rc1", "", "2.21.0 --pre", "-r x"])(
  "wantedTensorflow: %j is no version of TensorFlow 2",
  (version) => {
    expect(() => wantedTensorflow({ ...cpu, version, unverified: true })).toThrow(
      `--tensorflow: expected a version of TensorFlow 2, such as ${pinnedVersion}, got "${version}".`,
    );
  },
);

test("tagsOf: what pip must be told to take a wheel of any Python and system", () => {
  expect(tagsOf(fakeWheel).join(" ")).toBe(
    "--implementation cp --abi cp311 --python-version 3.11 --platform manylinux_2_27_x86_64",
  );
  const nvidia = "nvidia_nccl_cu12-2.27.7-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl";
  expect(tagsOf(nvidia).join(" ")).toBe(
    "--implementation py --abi none --python-version 3.12 --platform manylinux2014_x86_64 --platform manylinux_2_17_x86_64",
  );
});
