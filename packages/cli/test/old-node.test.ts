import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { noOldNodes, oldNodes } from "@bn-only/testing/engines";
import { expect, test } from "vitest";

const bin = fileURLToPath(new URL("../bin/bn-only.js", import.meta.url));

function run(node: string, ...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(node, [...args, bin, "--version"], {
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: "", NODE_NO_WARNINGS: "1" },
  });
  return { status, output: stdout + stderr };
}

/** This Node, which says that it is another one. */
function runAs(version: string): ReturnType<typeof run> {
  const pretend = `for (const [o, k, v] of [[process.versions, "node", "${version}"], [process, "version", "v${version}"]]) Object.defineProperty(o, k, { value: v });`;
  return run(process.execPath, "--import", `data:text/javascript,${encodeURIComponent(pretend)}`);
}

const sentence = (version: string): string =>
  `error: bn-only needs Node 20.19 or later, this is v${version}. Install one from https://nodejs.org.\n`;

test("the minimum is what package.json says", () => {
  const { engines } = JSON.parse(
    readFileSync(new URL("../package.json", import.meta.url), "utf8"),
  ) as { engines: { node: string } };
  expect(engines.node).toBe(">=20.19");
});

test.each(["18.20.8", "20.18.3"])("Node %s is told what is needed, in one line", (version) => {
  expect(runAs(version)).toEqual({ status: 1, output: sentence(version) });
});

test.each(["20.19.0", "26.0.0"])(
  "Node %s is not",
  (version) => {
    expect(runAs(version)).toEqual({
      status: 0,
      output: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  },
  60_000,
);

test.skipIf(oldNodes.length === 0)(
  `a real Node of that time says the same${oldNodes.length === 0 ? `, skipped: ${noOldNodes}` : ""}`,
  () => {
    for (const node of oldNodes) {
      const version = spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim().slice(1);
      expect(run(node), version).toEqual({ status: 1, output: sentence(version) });
    }
  },
  60_000,
);
