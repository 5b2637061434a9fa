// Writes src/install/pins.ts: the one wheel per system that `bn-only backend install tensorflow` takes, by its
// SHA-256, as the index of this machine's pip gives it. Compare the hashes with those that pypi.org shows.
//
//   node packages/backend-tensorflow/scripts/pin-wheels.js 2.21.0
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const [version] = process.argv.slice(2);
if (!/^2\.\d+\.\d+$/.test(version ?? "")) {
  throw new Error("Which version of TensorFlow? node scripts/pin-wheels.js 2.21.0");
}
const pinsFile = fileURLToPath(new URL("../src/install/pins.ts", import.meta.url));
const temporary = mkdtempSync(join(tmpdir(), "bn-only-pins-"));

/** No Python code is used, so one Python's wheel serves everybody. */
const python = "3.11";
const systems = [
  { device: "cpu", arch: "x64", platform: "x86_64", project: "tensorflow-cpu" },
  { device: "cpu", arch: "arm64", platform: "aarch64", project: "tensorflow" },
  { device: "cuda", arch: "x64", platform: "x86_64", project: "tensorflow[and-cuda]" },
];

/** What pip would install, without what is not wanted of it; undefined where it finds nothing. */
function resolve({ platform, project }) {
  const report = join(temporary, "report.json");
  const platforms = ["manylinux_2_28", "manylinux_2_27", "manylinux_2_17", "manylinux2014"];
  const flags = project.includes("[") ? [] : ["--no-deps"];
  const args = ["-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet", ...flags];
  const options = [
    ["--only-binary=:all:", "--python-version", python, "--target", temporary],
    ["--report", report],
    platforms.flatMap((name) => ["--platform", `${name}_${platform}`]),
  ].flat();
  try {
    execFileSync("python3", [...args, ...options, `${project}==${version}`], {
      stdio: ["ignore", "ignore", "pipe"],
      cwd: temporary,
    });
  } catch (error) {
    process.stderr.write(`${String(error.stderr).trim().split("\n").at(-1)}\n`);
    return undefined;
  }
  return JSON.parse(readFileSync(report, "utf8")).install;
}

function pinsOf(system) {
  const { device, arch, project } = system;
  const wheels = resolve(system)?.filter(({ metadata }) =>
    /^(tensorflow(-cpu)?|nvidia-.+)$/.test(metadata.name.replaceAll("_", "-")),
  );
  if (wheels === undefined) {
    process.stderr.write(`${project} for ${arch}: not pinned; users need --unverified there\n`);
    return [];
  }
  return wheels.map(({ metadata, download_info }) => ({
    device,
    arch,
    project: metadata.name.replaceAll("_", "-"),
    version: metadata.version,
    file: decodeURIComponent(download_info.url.split("/").at(-1)),
    sha256: download_info.archive_info.hashes.sha256,
  }));
}

try {
  const pins = systems.flatMap(pinsOf);
  if (!pins.some(({ device, arch }) => device === "cpu" && arch === "x64")) {
    throw new Error(`pip finds no TensorFlow ${version} for x64; nothing was written.`);
  }
  const before = readFileSync(pinsFile, "utf8");
  const head = before.slice(0, before.indexOf("export const pinnedWheels"));
  const list = JSON.stringify(pins, undefined, 2).replaceAll(/"(\w+)": /g, "$1: ");
  writeFileSync(pinsFile, `${head}export const pinnedWheels: readonly PinnedWheel[] = ${list};\n`);
  execFileSync("npx", ["oxfmt", pinsFile], { stdio: "ignore" });
  process.stdout.write(`${pins.length} wheels in ${pinsFile}\n`);
} finally {
  rmSync(temporary, { recursive: true });
}
