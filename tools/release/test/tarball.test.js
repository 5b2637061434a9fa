import { expect, test } from "vitest";
import { missingAddresses } from "../src/packages.js";
import { faultsOf } from "../src/tarball.js";

const versions = new Map([
  ["a", "0.2.0"],
  ["b", "0.2.0"],
]);
const right = {
  paths: ["LICENSE", "README.md", "CHANGELOG.md", "package.json"],
  manifest: { name: "a", version: "0.2.0", dependencies: { b: "^0.2.0", other: "^7.0.0" } },
  changelog: "# a\n\n## 0.2.0\n\n## 0.1.0\n",
};

test("a tarball that has everything has no fault", () => {
  expect(faultsOf(right, versions)).toEqual([]);
});

test("a file that is not there is named", () => {
  const paths = ["README.md", "CHANGELOG.md", "package.json"];
  expect(faultsOf({ ...right, paths }, versions)).toEqual([
    "expected LICENSE, and it is not there",
  ]);
});

test("a changelog of another version is told", () => {
  const changelog = "# a\n\n## 0.1.0\n";
  expect(faultsOf({ ...right, changelog }, versions)).toEqual([
    "expected a CHANGELOG.md that begins with 0.2.0, got 0.1.0",
  ]);
});

test.each([
  ["dependencies", "^0.1.0"],
  ["peerDependencies", ">=0.3.0 <1.0.0"],
])("%s of ours that the release does not fit are told", (kind, range) => {
  const manifest = { name: "a", version: "0.2.0", [kind]: { b: range } };
  expect(faultsOf({ ...right, manifest }, versions)).toEqual([
    `expected a range for b that has 0.2.0, got ${range}`,
  ]);
});

test("a version that is not the release's is told", () => {
  const manifest = { name: "a", version: "0.1.0" };
  expect(faultsOf({ ...right, manifest, changelog: "## 0.1.0" }, versions)).toEqual([
    "expected version 0.2.0, got 0.1.0",
  ]);
});

test("addresses that are missing are told by package", () => {
  const manifest = { name: "a", repository: "r", bugs: "b" };
  expect(missingAddresses([{ manifest }])).toEqual([{ name: "a", missing: ["homepage"] }]);
  expect(missingAddresses([{ manifest: { ...manifest, homepage: "h" } }])).toEqual([]);
});
