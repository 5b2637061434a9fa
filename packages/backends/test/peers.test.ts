import { expect, test } from "vitest";
import { importError, present } from "../src/peers/not-installed.ts";

const name = "@bn-only/backend-webgpu";

test.each([
  ["Node", `Cannot find package '${name}' imported from /app/node_modules/@bn-only/backends/dist`],
  ["webpack", `Cannot find module '${name}'`],
  ["Vite", `Could not resolve "${name}" imported by "@bn-only/backends". Is it installed?`],
  ["Chromium", `Failed to resolve module specifier '${name}'`],
  ["Firefox", `The specifier “${name}” was a bare specifier, but was not remapped to anything.`],
  ["Safari", `Module name, '${name}' does not resolve to a valid URL.`],
])("what is not installed, in the words of %s, says how to install it", (_, message) => {
  expect(importError(name, new TypeError(message)).message).toBe(
    `${name} is not installed; run "npm install ${name}"`,
  );
});

test("a bundler's empty module is one that is not installed; the version is said", () => {
  let cause: unknown;
  try {
    present({ register: undefined }, "register");
  } catch (error) {
    cause = error;
  }
  expect(importError("@tensorflow/tfjs-backend-cpu@4.22.0", cause).message).toBe(
    '@tensorflow/tfjs-backend-cpu is not installed; run "npm install @tensorflow/tfjs-backend-cpu@4.22.0"',
  );
});

test("what is installed and fails is not to be installed again", () => {
  const other = `Cannot find package 'long' imported from /app/node_modules/${name}/dist/index.js`;
  expect(importError(name, new Error(other)).message).toBe(`${name} cannot be imported (${other})`);
  expect(importError(name, new ReferenceError("module is not defined")).message).toBe(
    `${name} cannot be imported (module is not defined); it is CommonJS, served as it is: leave bn-only and tfjs out of optimizeDeps.exclude`,
  );
});
